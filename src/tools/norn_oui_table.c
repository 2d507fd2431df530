/* Host tool of the build: turns the IEEE's registries of address blocks (text, as Debian's
 * ieee-data ships them) into the C header that track/manufacturer.c includes.
 * Input: oui.txt, mam.txt, oui36.txt, iab.txt in the directory given; only the first must exist.
 * Output, to standard output: sorted rows for 24, 28 and 36 bit blocks and one blob of names, each
 * kept once, without legal suffixes. Registries: standards-oui.ieee.org, MA-L, MA-M, MA-S, IAB. */
#include <ctype.h>
#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "util/text.h"

enum { ROWS_MAX = 200000, NAME_MAX_BYTES = 64 };

struct row {
    uint64_t prefix; /* the block's own bits, right-aligned */
    unsigned bits;
    uint32_t name_offset;
    char *name;
};

static struct row *rows;
static size_t row_count;

/* Words that say what kind of firm it is and nothing about which; compared without dots. */
// clang-format off
static const char *const legal_words[] = {
    "inc", "incorporated", "ltd", "ltda", "limited", "llc", "corp", "corporation", "co", "company",
    "gmbh", "ag", "sa", "sas", "sarl", "bv", "nv", "pty", "plc", "oy", "oyj", "ab", "as", "a/s", "aps",
    "spa", "srl", "kg", "&", "kk", "ulc", "lp", "llp", "pte", "pvt", "sdn", "bhd", "asa", "sro", "zoo",
    "doo", "eg", "mbh", "and", "cv", "cokg", "coltd", "coinc", "co,ltd", "co,inc", "se", "kft",
};
// clang-format on

/* True when the last word of `name` from `word` on is one of the above. */
static bool is_legal_word(const char *word)
{
    char plain[16];
    size_t length = 0;
    for (; *word && length < sizeof plain - 1; word++) {
        if (*word != '.')
            plain[length++] = *word;
    }
    while (length && plain[length - 1] == ',')
        length--;
    plain[length] = 0;
    if (*word)
        return false;
    for (size_t i = 0; i < sizeof legal_words / sizeof *legal_words; i++) {
        if (strcasecmp(plain, legal_words[i]) == 0)
            return true;
    }
    return length == 0;
}

/* Cuts legal words off the end of a name, as long as a word is left. */
static void drop_legal_words(char *name)
{
    for (;;) {
        size_t length = strlen(name);
        while (length && strchr(" ,;-", name[length - 1]))
            name[--length] = 0;
        size_t start = length;
        while (start && !strchr(" ,", name[start - 1]))
            start--;
        if (start == 0 || !is_legal_word(name + start))
            return;
        name[start] = 0;
    }
}

/* Collapses blanks, keeps valid UTF-8 only, drops legal words; a new string for the caller. */
static char *tidy_name(const char *text)
{
    char name[NAME_MAX_BYTES * 4];
    size_t length = 0;
    for (; *text && length < sizeof name - 1; text++) {
        bool blank = isspace((unsigned char)*text);
        if (!blank || (length && name[length - 1] != ' '))
            name[length++] = blank ? ' ' : *text;
    }
    name[length] = 0;
    name[text_utf8_valid(name, length)] = 0;
    drop_legal_words(name);
    if (strlen(name) > NAME_MAX_BYTES)
        name[text_utf8_valid(name, NAME_MAX_BYTES)] = 0;
    return strdup(name);
}

/* Blocks whose owner is not told, or that are handed on in smaller blocks. */
static bool tells_nothing(const char *name)
{
    return !*name || strcasecmp(name, "Private") == 0 ||
           strcasecmp(name, "IEEE Registration Authority") == 0;
}

static int add_row(uint64_t prefix, unsigned bits, const char *text)
{
    char *name = tidy_name(text);
    if (!name || row_count == ROWS_MAX) {
        free(name);
        return -ENOMEM;
    }
    if (tells_nothing(name))
        free(name);
    else
        rows[row_count++] = (struct row){.prefix = prefix, .bits = bits, .name = name};
    return 0;
}

/* One "(base 16)" line: six digits (the whole of `oui`), or a range of six digits under `oui`. */
static int add_line(uint64_t oui, const char *line)
{
    const char *name = strstr(line, "(base 16)") + strlen("(base 16)");
    char *end;
    uint64_t first = strtoull(line, &end, 16);
    if (*end != '-')
        return add_row(first, 24, name);
    uint64_t span = strtoull(end + 1, NULL, 16) - first + 1;
    if (span == 0x100000)
        return add_row(oui << 4 | first >> 20, 28, name);
    if (span == 0x1000)
        return add_row(oui << 12 | first >> 12, 36, name);
    return 0;
}

static int read_registry(const char *directory, const char *file, bool required)
{
    char path[4096], line[1024];
    snprintf(path, sizeof path, "%s/%s", directory, file);
    FILE *registry = fopen(path, "r");
    if (!registry)
        return required ? -errno : 0;
    uint64_t oui = 0;
    int result = 0;
    while (result == 0 && fgets(line, sizeof line, registry)) {
        unsigned a, b, c;
        if (strstr(line, "(hex)") && sscanf(line, "%2x-%2x-%2x", &a, &b, &c) == 3)
            oui = (uint64_t)a << 16 | b << 8 | c;
        else if (strstr(line, "(base 16)"))
            result = add_line(oui, line);
    }
    fclose(registry);
    return result;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(((const struct row *)a)->name, ((const struct row *)b)->name);
}

static int by_prefix(const void *a, const void *b)
{
    const struct row *one = a, *other = b;
    if (one->bits != other->bits)
        return one->bits < other->bits ? -1 : 1;
    return one->prefix < other->prefix ? -1 : one->prefix > other->prefix;
}

/* The names, each once and NUL-ended, one literal a line; offset 0 is the empty name. */
static void write_names(void)
{
    uint32_t offset = 1;
    qsort(rows, row_count, sizeof *rows, by_name);
    printf("static const char oui_names[] =\n    \"\\0\"\n");
    for (size_t i = 0; i < row_count; i++) {
        if (i && strcmp(rows[i].name, rows[i - 1].name) == 0) {
            rows[i].name_offset = rows[i - 1].name_offset;
            continue;
        }
        rows[i].name_offset = offset;
        offset += (uint32_t)strlen(rows[i].name) + 1;
        printf("    \"");
        for (const unsigned char *at = (const unsigned char *)rows[i].name; *at; at++) {
            if (*at < 0x20 || *at > 0x7e || strchr("\"\\?", *at))
                printf("\\%03o", *at);
            else
                putchar(*at);
        }
        printf("\\0\"\n");
    }
    printf("    ;\n\n");
}

static size_t write_rows(unsigned bits)
{
    size_t count = 0;
    printf("static const struct oui_row oui_rows_%u[] = {\n", bits);
    for (size_t i = 0; i < row_count; i++) {
        bool repeated = count && rows[i - 1].prefix == rows[i].prefix;
        if (rows[i].bits != bits || repeated)
            continue;
        printf("    {0x%0*llx, %u},\n", (int)bits / 4, (unsigned long long)rows[i].prefix,
               rows[i].name_offset);
        count++;
    }
    printf("};\n\n");
    return count;
}

static void write_header(void)
{
    printf(
        "/* Made by src/tools/norn_oui_table.c from the IEEE registries; do not edit.\n"
        " * To look an address up: for each table of oui_tables (longest blocks first) search the\n"
        " * row whose prefix is the address's first `bits` bits, right-aligned; its name is\n"
        " * oui_names + row.name, NUL-ended UTF-8. Rows are sorted by prefix, each prefix once.\n"
        " */\n"
        "#ifndef NORN_OUI_TABLE_H\n#define NORN_OUI_TABLE_H\n\n"
        "#include <stddef.h>\n#include <stdint.h>\n\n"
        "struct oui_row {\n    uint64_t prefix : 36;\n    uint64_t name : 28;\n};\n\n"
        "struct oui_table {\n    unsigned bits;\n    size_t count;\n"
        "    const struct oui_row *rows;\n};\n\n");
    write_names();
    qsort(rows, row_count, sizeof *rows, by_prefix);
    size_t large = write_rows(24), medium = write_rows(28), small = write_rows(36);
    printf("static const struct oui_table oui_tables[] = {\n    {36, %zu, oui_rows_36},\n"
           "    {28, %zu, oui_rows_28},\n    {24, %zu, oui_rows_24},\n};\n\n#endif\n",
           small, medium, large);
}

static int read_registries(const char *directory)
{
    static const char *const files[] = {"oui.txt", "mam.txt", "oui36.txt", "iab.txt"};
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        int result = read_registry(directory, files[i], i == 0);
        if (result < 0) {
            fprintf(stderr, "norn_oui_table: %s/%s: %s (Debian's package ieee-data has it)\n",
                    directory, files[i], strerror(-result));
            return result;
        }
    }
    return 0;
}

int main(int argc, char **argv)
{
    if (argc != 2) {
        fprintf(stderr, "usage: norn_oui_table DIRECTORY > oui_table.h\n");
        return 2;
    }
    rows = calloc(ROWS_MAX, sizeof *rows);
    int result = rows ? read_registries(argv[1]) : -ENOMEM;
    if (result == 0)
        write_header();
    for (size_t i = 0; i < row_count; i++)
        free(rows[i].name);
    free(rows);
    return result < 0 || fflush(stdout) ? 1 : 0;
}
