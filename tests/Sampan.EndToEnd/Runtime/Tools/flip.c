// flip COUNTER A B: exchanges two names for ever; how often stands in the first eight bytes of a file.
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

int main(int count, char **words)
{
    int file;
    volatile uint64_t *counter;
    if (count != 4)
        return 125;
    file = open(words[1], O_RDWR | O_CREAT, 0600);
    if (file < 0 || ftruncate(file, sizeof *counter) != 0)
        return 125;
    counter = mmap(NULL, sizeof *counter, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    if (counter == MAP_FAILED)
        return 125;
    for (;;)
        if (renameat2(AT_FDCWD, words[2], AT_FDCWD, words[3], RENAME_EXCHANGE) == 0)
            ++*counter;
}
