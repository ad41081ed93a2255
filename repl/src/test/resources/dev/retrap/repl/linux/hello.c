/* printf, the command line, the file tree, floating point. */
#include <dirent.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int by_name(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

int main(int argc, char **argv)
{
    char exe[100] = "", line[100], *names[20];
    FILE *f = fopen("/etc/motd", "r");
    DIR *d = opendir("/etc");
    int n = 0;

    printf("%d arguments: %s|%s, HOME=%s\n", argc, argv[0], argv[argc - 1], getenv("HOME"));
    printf("%.3f %.3f\n", argc * 1.5, sqrt(2.0 * argc));
    if (readlink("/proc/self/exe", exe, sizeof(exe) - 1) > 0)
        printf("exe %s, cwd %s\n", exe, getcwd(line, sizeof(line)));
    while (f && fgets(line, sizeof(line), f))
        printf("motd: %s", line);
    for (struct dirent *e; d && n < 20 && (e = readdir(d)) != NULL;)
        names[n++] = strdup(e->d_name);
    qsort(names, n, sizeof(names[0]), by_name);
    for (int i = 0; i < n; i++)
        printf("etc: %s\n", names[i]);
    f = fopen("/proc/self/maps", "r");
    while (f && fgets(line, sizeof(line), f)) {
        const char *what = strstr(line, exe) ? exe : strstr(line, "[stack]") ? "[stack]" : NULL;

        if (what && strstr(line, " r-xp "))
            printf("maps: code of %s\n", what);
        else if (what && strstr(line, " rw-p "))
            printf("maps: data of %s\n", what);
    }
    return 3;
}
