/* Host tool of the build: turns track/bluetooth_names.tsv into the C header that
 * track/bluetooth_name.c includes. Input: the file's path; rows of kind (company, service), number
 * in hex and name, ascending by number within a kind. Output, to standard output: one array of rows
 * a kind. A row that is out of order or makes no sense is an error. */
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "util/text.h"

enum { KINDS = 2, ROWS_MAX = 8192, LINE_BYTES = 256 };

struct row {
    unsigned number;
    char *name;
};

struct kind {
    const char *word, *array;
    struct row rows[ROWS_MAX];
    size_t count;
};

static struct kind kinds[KINDS] = {
    {.word = "company", .array = "bluetooth_companies"},
    {.word = "service", .array = "bluetooth_services"},
};

static struct kind *find_kind(const char *word)
{
    for (size_t i = 0; i < KINDS; i++)
        if (strcmp(kinds[i].word, word) == 0)
            return &kinds[i];
    return NULL;
}

/* Numbers of four hex digits only; -1 for anything else. */
static long parse_number(const char *text)
{
    char *end;
    long number = strtol(text, &end, 16);
    return strlen(text) == 4 && !*end ? number : -1;
}

/* One line without its end; blank ones and comments say nothing. False when it is wrong. */
static bool add_line(char *line)
{
    if (!*line || *line == '#')
        return true;
    char *first = strchr(line, '\t'), *second = first ? strchr(first + 1, '\t') : NULL;
    if (!second || !second[1] ||
        text_utf8_valid(second + 1, strlen(second + 1)) != strlen(second + 1))
        return false;
    *first = *second = '\0';
    struct kind *kind = find_kind(line);
    long number = parse_number(first + 1);
    if (!kind || number < 0 || kind->count == ROWS_MAX)
        return false;
    if (kind->count && kind->rows[kind->count - 1].number >= (unsigned)number)
        return false;
    char *name = strdup(second + 1);
    if (name)
        kind->rows[kind->count++] = (struct row){(unsigned)number, name};
    return name != NULL;
}

static int read_names(const char *path)
{
    char line[LINE_BYTES];
    int number = 0;
    bool good = true;
    FILE *file = fopen(path, "r");
    if (!file) {
        fprintf(stderr, "norn_bluetooth_table: %s: %s\n", path, strerror(errno));
        return -errno;
    }
    while (good && fgets(line, sizeof line, file)) {
        line[strcspn(line, "\n")] = '\0';
        number++;
        good = add_line(line);
    }
    fclose(file);
    if (!good)
        fprintf(stderr, "norn_bluetooth_table: %s:%d: not kind, number, name in order\n", path,
                number);
    return good ? 0 : -EINVAL;
}

static void write_name(const char *name)
{
    for (const unsigned char *at = (const unsigned char *)name; *at; at++) {
        if (*at < 0x20 || *at > 0x7e || strchr("\"\\?", *at))
            printf("\\%03o", *at);
        else
            putchar(*at);
    }
}

static void write_header(void)
{
    printf(
        "/* Made by src/tools/norn_bluetooth_table.c from track/bluetooth_names.tsv; do not edit.\n"
        " * Rows are sorted by number, each number once. */\n"
        "#ifndef NORN_BLUETOOTH_TABLE_H\n#define NORN_BLUETOOTH_TABLE_H\n\n"
        "#include <stdint.h>\n\n"
        "struct bluetooth_row {\n    uint16_t number;\n    const char *name;\n};\n\n");
    for (size_t i = 0; i < KINDS; i++) {
        printf("static const struct bluetooth_row %s[] = {\n", kinds[i].array);
        for (size_t k = 0; k < kinds[i].count; k++) {
            printf("    {0x%04x, \"", kinds[i].rows[k].number);
            write_name(kinds[i].rows[k].name);
            printf("\"},\n");
        }
        printf("};\n\n");
    }
    printf("#endif\n");
}

int main(int argc, char **argv)
{
    if (argc != 2) {
        fprintf(stderr, "usage: norn_bluetooth_table NAMES > bluetooth_table.h\n");
        return 2;
    }
    int result = read_names(argv[1]);
    if (result == 0)
        write_header();
    for (size_t i = 0; i < KINDS; i++)
        while (kinds[i].count)
            free(kinds[i].rows[--kinds[i].count].name);
    return result < 0 || fflush(stdout) ? 1 : 0;
}
