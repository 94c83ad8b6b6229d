/* Prints the addresses of a name by getaddrinfo(3), or the name of an address by getnameinfo(3): built with musl, whose resolver is its own. */
#include <arpa/inet.h>
#include <netdb.h>
#include <stdio.h>

int main(int count, char **arguments)
{
    struct sockaddr_in address = {.sin_family = AF_INET};
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM}, *found;
    char text[256];
    int problem;

    if (count == 3 && inet_pton(AF_INET, arguments[2], &address.sin_addr) == 1) {
        problem = getnameinfo((struct sockaddr *)&address, sizeof address, text, sizeof text, NULL, 0, NI_NAMEREQD);
        if (!problem)
            puts(text);
    } else {
        problem = getaddrinfo(arguments[1], NULL, &hints, &found);
        for (; !problem && found; found = found->ai_next) {
            getnameinfo(found->ai_addr, found->ai_addrlen, text, sizeof text, NULL, 0, NI_NUMERICHOST);
            puts(text);
        }
    }
    if (problem)
        fprintf(stderr, "%s\n", gai_strerror(problem));
    return problem != 0;
}
