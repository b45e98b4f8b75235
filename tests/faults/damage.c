/* damage flip FILE OFFSET BIT: inverts one bit.   damage fill FILE OFFSET LENGTH BYTE: overwrites with one value.
 * Offsets, lengths and values are decimal numbers; beyond the end of the file nothing is done and the exit code is 1. */
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static bool flip(int fd, off_t offset, unsigned long bit)
{
    unsigned char byte;

    if (pread(fd, &byte, 1, offset) != 1)
        return false;
    byte = (unsigned char)(byte ^ 1u << bit % 8);
    return pwrite(fd, &byte, 1, offset) == 1;
}

static bool fill(int fd, off_t offset, unsigned long len, int value)
{
    const off_t end = lseek(fd, 0, SEEK_END);

    for (unsigned long i = 0; i < len; i++) {
        const unsigned char byte = (unsigned char)value;

        if (offset + (off_t)i >= end || pwrite(fd, &byte, 1, offset + (off_t)i) != 1)
            return false;
    }
    return true;
}

int main(int argc, char **argv)
{
    const bool flips = argc == 5 && strcmp(argv[1], "flip") == 0;

    if (!flips && (argc != 6 || strcmp(argv[1], "fill") != 0))
        return 64;
    const int fd = open(argv[2], O_RDWR | O_CLOEXEC);
    const off_t offset = strtol(argv[3], NULL, 10);
    const unsigned long number = strtoul(argv[4], NULL, 10);

    if (fd < 0)
        return 66;
    return (flips ? flip(fd, offset, number) : fill(fd, offset, number, atoi(argv[5]))) ? 0 : 1;
}
