/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <string.h>
#include "io/inflate.h"
#include "io/source_inside.h"

enum {
    MEMBER_LEAST = 20,              /* header 10, data 2, trailer 8 */
    MEMBER_MOST = 256 * 1024,       /* bytes of a member that is looked for */
    SHRINK_MOST = 1032,             /* deflate makes no text shorter than that */
    BLOCK_TEXT_MOST = 64 * 1024
};

/* Could a gzip member begin here? */
static bool begins(const unsigned char *bytes)
{
    return bytes[0] == 0x1f && bytes[1] == 0x8b && bytes[2] == 8 && !(bytes[3] & 0xe0);
}

/* The text of a member that ends before here, as its trailer says; SIZE_MAX: can't be. */
static size_t text_before(const unsigned char *end, size_t bytes)
{
    size_t text = end[-4] | (size_t) end[-3] << 8 | (size_t) end[-2] << 16 | (size_t) end[-1] << 24;
    return text <= FN_PIECE_TEXT && text <= bytes * SHRINK_MOST ? text : SIZE_MAX;
}

/* Bytes of the member at the front, or 0. What begins behind it must be there, too. A BGZF block says its size; else
 * the next place is taken that looks like the end of one member and the beginning of another. */
static size_t find_member(const unsigned char *bytes, size_t size, size_t *text)
{
    if (size < MEMBER_LEAST || !begins(bytes)) return 0;
    size_t block = fn_gzip_block_bytes(bytes, size);
    if (block >= MEMBER_LEAST && block + 4 <= size && begins(bytes + block) &&
        (*text = text_before(bytes + block, block)) <= BLOCK_TEXT_MOST)
        return block;
    if (size > MEMBER_MOST) size = MEMBER_MOST;
    for (size_t end = MEMBER_LEAST; end + 4 <= size; end++) {
        const unsigned char *next = memchr(bytes + end, 0x1f, size - 3 - end);
        if (!next) return 0;
        end = (size_t) (next - bytes);
        if (begins(next) && (*text = text_before(next, end)) != SIZE_MAX) return end;
    }
    return 0;
}

size_t fn_source_members(const unsigned char *bytes, size_t size, size_t *text)
{
    size_t found = 0, bytes_more, text_more;
    *text = 0;
    while ((bytes_more = find_member(bytes + found, size - found, &text_more)) && *text + text_more <= fn_source_piece_most) {
        found += bytes_more;
        *text += text_more;
    }
    return found;
}
