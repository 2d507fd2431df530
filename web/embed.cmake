# Writes the page's files as C arrays: cmake -DOUTPUT=FILE -DSOURCES=DIR -P embed.cmake
# One row a file: path, content type, ETag (of its content), bytes.
set(files index.html page.js page.css icon.svg)
set(types text/html application/javascript text/css image/svg+xml)
set(text "/* Made by web/embed.cmake from the files of web/. */\n#include <stddef.h>\n\n")
set(rows "")
foreach(file type IN ZIP_LISTS files types)
    file(READ ${SOURCES}/${file} hex HEX)
    file(SHA256 ${SOURCES}/${file} digest)
    string(SUBSTRING ${digest} 0 16 digest)
    string(MAKE_C_IDENTIFIER "web_${file}" name)
    string(REGEX REPLACE "(..)" "0x\\1," bytes "${hex}")
    string(REGEX REPLACE "(0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,)" "\\1\n" bytes "${bytes}")
    string(APPEND text "static const unsigned char ${name}[] = {\n${bytes}};\n\n")
    string(APPEND rows "    {\"${file}\", \"${type}; charset=utf-8\", \"\\\"${digest}\\\"\", "
           "${name}, sizeof ${name}},\n")
endforeach()
string(APPEND text "static const struct web_file {\n    const char *path, *content_type, *etag;\n"
       "    const unsigned char *bytes;\n    size_t length;\n} web_files[] = {\n${rows}};\n")
file(WRITE ${OUTPUT}.new "${text}")
file(RENAME ${OUTPUT}.new ${OUTPUT})
