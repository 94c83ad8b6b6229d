// grasp MARK: the root of a container reaches for every process whose command line has a word: a runtime that joins. It opens its
// descriptors and memory, traces it, and opens its executable for writing, first and while it is going away. Three numbers stand in
// /grasp: how often it saw one, how often it got hold of one, and how often it could write to its executable.
#define _GNU_SOURCE
#include <ctype.h>
#include <dirent.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

static const char *mark;
static volatile uint64_t *numbers;

static int is_runtime(int pid)
{
    char path[64], line[4096];
    ssize_t length;
    int file;
    snprintf(path, sizeof path, "/proc/%d/cmdline", pid);
    file = open(path, O_RDONLY);
    if (file < 0)
        return 0;
    length = read(file, line, sizeof line - 1);
    close(file);
    if (length <= 0)
        return 0;
    for (ssize_t at = 0; at < length; at++)
        if (line[at] == 0)
            line[at] = ' ';
    line[length] = 0;
    return strstr(line, mark) != NULL;
}

static void write_to(int executable)
{
    char path[64];
    snprintf(path, sizeof path, "/proc/self/fd/%d", executable);
    // Busy while it runs (ETXTBSY); the moment it has gone is what CVE-2019-5736 waits for.
    for (int attempt = 0; attempt < 2000; attempt++) {
        int file = open(path, O_WRONLY | O_APPEND);
        if (file >= 0) {
            numbers[2]++;
            close(file);
            return;
        }
    }
}

static void reach_for(int pid)
{
    char path[64];
    int file, executable;
    DIR *directory;
    struct dirent *entry;
    if (!is_runtime(pid))
        return;
    numbers[0]++;
    snprintf(path, sizeof path, "/proc/%d/exe", pid);
    executable = open(path, O_PATH);
    // Root may list the numbers; what they are open on is for who may trace it (proc_pid_fd(5)). It counts only while it is still the
    // runtime: what that has executed is the container's own.
    snprintf(path, sizeof path, "/proc/%d/fd", pid);
    directory = opendir(path);
    while (directory && (entry = readdir(directory))) {
        char link[512];
        snprintf(path, sizeof path, "/proc/%d/fd/%.20s", pid, entry->d_name);
        if (isdigit((unsigned char)entry->d_name[0]) && readlink(path, link, sizeof link) > 0 && is_runtime(pid))
            numbers[1]++;
    }
    if (directory)
        closedir(directory);
    snprintf(path, sizeof path, "/proc/%d/mem", pid);
    file = open(path, O_RDWR);
    if (file >= 0) {
        if (is_runtime(pid))
            numbers[1]++;
        close(file);
    }
    if (ptrace(PTRACE_SEIZE, pid, 0, 0) == 0) {
        ptrace(PTRACE_INTERRUPT, pid, 0, 0);
        waitpid(pid, NULL, __WALL);
        if (is_runtime(pid))
            numbers[1]++;
        ptrace(PTRACE_DETACH, pid, 0, 0);
    }
    if (executable >= 0) {
        if (is_runtime(pid))
            write_to(executable);
        close(executable);
    }
}

int main(int count, char **words)
{
    int file;
    if (count != 2)
        return 125;
    mark = words[1];
    file = open("/grasp", O_RDWR | O_CREAT, 0600);
    if (file < 0 || ftruncate(file, 3 * sizeof *numbers) != 0)
        return 125;
    numbers = mmap(NULL, 3 * sizeof *numbers, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    if (numbers == MAP_FAILED)
        return 125;
    for (;;) {
        DIR *all = opendir("/proc");
        struct dirent *entry;
        while (all && (entry = readdir(all)))
            if (isdigit((unsigned char)entry->d_name[0]) && atoi(entry->d_name) != getpid() && atoi(entry->d_name) != 1)
                reach_for(atoi(entry->d_name));
        if (all)
            closedir(all);
        // A child another process has left to us, as of a detached exec.
        while (waitpid(-1, NULL, WNOHANG) > 0)
            ;
    }
}
