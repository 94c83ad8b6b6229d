// peak FILE PROGRAM ARGUMENT...: runs a program and writes the most memory it held, in KiB, to a file.
// It forks, since a process keeps the peak of what called vfork(2) for it.
#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

int main(int count, char **words)
{
    int status = 0;
    struct rusage usage;
    FILE *file;
    pid_t child;
    if (count < 3)
        return 125;
    child = fork();
    if (child == 0) {
        execv(words[2], words + 2);
        _exit(127);
    }
    if (wait4(child, &status, 0, &usage) != child)
        return 125;
    file = fopen(words[1], "w");
    if (!file)
        return 125;
    fprintf(file, "%ld", usage.ru_maxrss);
    fclose(file);
    return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}
