/* Host tool of the build: turns the bundled page (web/dist) into the C header that serve/api_root.c
 * includes. Arguments: its files. Output, to standard output: a row a file, its bytes compressed
 * (gzip, RFC 1952), with an ETag made of them. The same files give the same header. */
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "util/buffer.h"
#include "util/hash.h"
#include "util/media_type.h"

enum { FILE_MAX = 4 * 1024 * 1024, WINDOW_BITS = 15 + 16, ROW_BYTES = 20 };

static void fail(const char *path, const char *reason)
{
    fprintf(stderr, "norn_page_table: %s: %s\n", path, reason);
    exit(1);
}

static struct buffer read_file(const char *path)
{
    struct buffer content = {.ceiling = FILE_MAX};
    size_t count = 1;
    FILE *file = fopen(path, "rb");
    if (!file)
        fail(path, strerror(errno));
    while (count) {
        uint8_t *room = buffer_room(&content, BUFSIZ);
        count = room ? fread(room, 1, BUFSIZ, file) : 0;
        buffer_advance(&content, count);
    }
    if (content.failed || ferror(file))
        fail(path, "too long, or not to be read");
    fclose(file);
    return content;
}

static struct buffer compress_all(const char *path, const struct buffer *plain)
{
    struct buffer packed = {0};
    z_stream stream = {.next_in = plain->data, .avail_in = (uInt)plain->length};
    if (deflateInit2(&stream, Z_BEST_COMPRESSION, Z_DEFLATED, WINDOW_BITS, 9, Z_DEFAULT_STRATEGY))
        fail(path, "no memory");
    uLong bound = deflateBound(&stream, plain->length);
    stream.next_out = buffer_room(&packed, bound);
    stream.avail_out = (uInt)bound;
    if (!stream.next_out || deflate(&stream, Z_FINISH) != Z_STREAM_END)
        fail(path, "cannot be compressed");
    buffer_advance(&packed, stream.total_out);
    deflateEnd(&stream);
    return packed;
}

static void print_bytes(size_t number, const struct buffer *packed)
{
    printf("static const unsigned char page_bytes_%zu[] = {", number);
    for (size_t i = 0; i < packed->length; i++)
        printf("%s%u,", i % ROW_BYTES ? "" : "\n    ", packed->data[i]);
    printf("\n};\n\n");
}

/* Prints the bytes of a file and appends its row. */
static void add_file(const char *path, size_t number, struct buffer *rows)
{
    const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
    struct buffer plain = read_file(path), packed = compress_all(path, &plain);
    unsigned long long hash = hash_bytes(0, plain.data, plain.length);
    print_bytes(number, &packed);
    buffer_printf(rows, "    {\"%s\", \"%s\", \"\\\"%016llx\\\"\", page_bytes_%zu, %zu, %zu},\n",
                  name, media_type_of(name), hash, number, packed.length, plain.length);
    buffer_done(&plain);
    buffer_done(&packed);
}

int main(int argc, char **argv)
{
    struct buffer rows = {0};
    if (argc < 2)
        fail("usage", "norn_page_table FILE...");
    printf("/* Made by norn_page_table from web/dist. */\n#include <stddef.h>\n\n");
    for (int i = 1; i < argc; i++)
        add_file(argv[i], (size_t)i, &rows);
    printf("static const struct page_file {\n    const char *path, *content_type, *etag;\n"
           "    const unsigned char *bytes; /* gzip */\n    size_t length, plain_length;\n"
           "} page_files[] = {\n%.*s};\n",
           (int)rows.length, (const char *)rows.data);
    buffer_done(&rows);
    return fflush(stdout) == 0 ? 0 : 1;
}
