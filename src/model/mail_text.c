#include "base/base.h"

#include "model/mail_text.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/text.h"

#include <string.h>

#define QUOTED_MOST 65536
#define FILLED_MOST (1 << 20)
#define ENTITY_MOST 10
#define WROTE_LINES 3 /* that "On ... wrote:" may be folded into */

/* --- What is new. */

/* Lines with which mail programs introduce what they quote. */
static const char *const marks[] = { "-----Original Message-----",
	"----- Original Message -----", "---------- Forwarded message",
	"________________________________", "Begin forwarded message:" };

static size_t
line_length(const char *line)
{
	return strcspn(line, "\n");
}

static const char *
next_line(const char *line)
{
	line += line_length(line);
	return *line == '\n' ? line + 1 : line;
}

static bool
is_empty(const char *line)
{
	return line[strspn(line, " \t\r")] == '\n' ||
	       line[strspn(line, " \t\r")] == '\0';
}

/* From here on every line is quoted or empty. */
static bool
is_quoted_to_the_end(const char *line)
{
	for (; *line != '\0'; line = next_line(line))
		if (*line != '>' && !is_empty(line))
			return false;
	return true;
}

/* "On Monday, Ada wrote:", in one line or folded, before what is quoted. */
static bool
is_introduction(const char *line)
{
	const char *end = line, *rest;
	size_t i, length;

	if (is_empty(line) || *line == '>')
		return false;
	for (i = 0; i < WROTE_LINES; i++, end = next_line(end)) {
		length = line_length(end);
		while (length > 0 && strchr(" \t\r", end[length - 1]) != NULL)
			length--;
		if (length == 0)
			return false;
		if (end[length - 1] != ':')
			continue;
		for (rest = next_line(end); is_empty(rest) && *rest != '\0';)
			rest = next_line(rest);
		return *rest == '>' && is_quoted_to_the_end(rest);
	}
	return false;
}

static bool
is_mark(const char *line)
{
	size_t i;

	for (i = 0; i < COUNT(marks); i++)
		if (text_starts(line, marks[i]))
			return true;
	return text_starts(line, "-- \n") || text_starts(line, "-- \r\n");
}

/* It is looked for from each line only as far as it must be: quoted text is
 * read once, from where it begins. */
static const char *
end_of_fresh(const char *text)
{
	const char *line, *quoted = text + strlen(text);

	for (line = text; *line != '\0'; line = next_line(line)) {
		if (*line != '>' && !is_empty(line))
			quoted = NULL;
		else if (*line == '>' && quoted == NULL)
			quoted = line;
	}
	if (quoted == NULL || *quoted != '>')
		quoted = text + strlen(text);
	for (line = text; line < quoted; line = next_line(line)) {
		if (is_mark(line))
			return line;
		if (*quoted == '>' && is_introduction(line))
			return line;
	}
	return quoted;
}

static size_t
whole_characters(const char *text, size_t length, size_t most)
{
	if (length <= most)
		return length;
	while (most > 0 && (text[most] & 0xc0) == 0x80)
		most--;
	return most;
}

const char *
mail_text_fresh(struct arena *arena, const char *text, size_t most)
{
	const char *end = end_of_fresh(text);
	const char *fresh =
	    text_trim(arena, arena_copy(arena, text, (size_t)(end - text)));

	if (fresh[0] == '\0')
		fresh = text_trim(arena, text);
	return arena_copy(
	    arena, fresh, whole_characters(fresh, strlen(fresh), most));
}

/* --- HTML into text. */

/* clang-format off */
static const struct {
	const char *name, *text;
} entities[] = {
	{ "amp;", "&" },   { "lt;", "<" },    { "gt;", ">" },
	{ "quot;", "\"" }, { "apos;", "'" },  { "nbsp;", " " },
	{ "ndash;", "–" }, { "mdash;", "—" }, { "hellip;", "…" },
	{ "rsquo;", "’" }, { "lsquo;", "‘" }, { "rdquo;", "”" },
	{ "ldquo;", "“" }, { "auml;", "ä" },  { "ouml;", "ö" },
	{ "uuml;", "ü" },  { "szlig;", "ß" }, { "eacute;", "é" },
	{ "copy;", "©" },  { "euro;", "€" },
};
/* clang-format on */

/* After these a line ends. */
static const char *const blocks[] = { "br", "/p", "/div", "/tr", "/li", "/h1",
	"/h2", "/h3", "/h4", "/h5", "/h6", "/table", "/blockquote", "hr", "/ul",
	"/ol", "/title" };

/* What is in these is not said. */
static const char *const hidden[] = { "script", "style", "head" };

/* Is this the tag's name, and not the beginning of a longer one? */
static bool
tag_is(const char *tag, const char *name)
{
	size_t length = strlen(name);

	return text_starts_nocase(tag, name) &&
	       (tag[length] == '\0' ||
		   strchr(" \t\r\n/>", tag[length]) != NULL);
}

static bool
tag_is_of(const char *tag, const char *const *list, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++)
		if (tag_is(tag, list[i]))
			return true;
	return false;
}

static void
add_code_point(struct buf *out, int64_t code)
{
	if (code < 0x20 || code > 0x10ffff || (code >= 0xd800 && code < 0xe000))
		buf_add_char(out, ' ');
	else if (code < 0x80)
		buf_add_char(out, (char)code);
	else if (code < 0x800)
		buf_add_format(out, "%c%c", (int)(0xc0 | code >> 6),
		    (int)(0x80 | (code & 0x3f)));
	else if (code < 0x10000)
		buf_add_format(out, "%c%c%c", (int)(0xe0 | code >> 12),
		    (int)(0x80 | (code >> 6 & 0x3f)),
		    (int)(0x80 | (code & 0x3f)));
	else
		buf_add_format(out, "%c%c%c%c", (int)(0xf0 | code >> 18),
		    (int)(0x80 | (code >> 12 & 0x3f)),
		    (int)(0x80 | (code >> 6 & 0x3f)),
		    (int)(0x80 | (code & 0x3f)));
}

/* "#65;" and "#x41;": the length that was taken, or 0. */
static size_t
add_number(struct buf *out, const char *text)
{
	bool is_hex = text[1] == 'x' || text[1] == 'X';
	size_t i = is_hex ? 2 : 1;
	int64_t code = 0;
	const char *digits = "0123456789abcdefABCDEF", *at;

	for (; i < ENTITY_MOST && text[i] != '\0' && text[i] != ';'; i++) {
		at = strchr(digits, text[i]);
		if (at == NULL || (!is_hex && at - digits > 9))
			return 0;
		code = code * (is_hex ? 16 : 10) +
		       (at - digits > 15 ? at - digits - 6 : at - digits);
	}
	if (text[i] != ';')
		return 0;
	add_code_point(out, code);
	return i + 1;
}

/* Behind an "&"; the length that was taken. */
static size_t
add_entity(struct buf *out, const char *text)
{
	size_t i, length = text[0] == '#' ? add_number(out, text) : 0;

	if (length > 0)
		return length;
	for (i = 0; i < COUNT(entities); i++)
		if (text_starts(text, entities[i].name)) {
			buf_add_text(out, entities[i].text);
			return strlen(entities[i].name);
		}
	buf_add_char(out, '&');
	return 0;
}

/* Behind the whole element of this hidden name. */
static const char *
skip_hidden(const char *html, const char *name)
{
	while ((html = strstr(html, "</")) != NULL) {
		html += 2;
		if (tag_is(html, name))
			break;
	}
	return html;
}

/* Behind a tag that begins at `html`, "<" taken. */
static const char *
skip_tag(struct buf *out, const char *html)
{
	size_t i;

	if (text_starts(html, "!--")) {
		html = strstr(html, "-->");
		return html != NULL ? html + 3 : NULL;
	}
	if (tag_is_of(html, blocks, COUNT(blocks)))
		buf_add_char(out, '\n');
	for (i = 0; html != NULL && i < COUNT(hidden); i++)
		if (tag_is(html, hidden[i]))
			html = skip_hidden(html, hidden[i]);
	html = html != NULL ? strchr(html, '>') : NULL;
	return html != NULL ? html + 1 : NULL;
}

static bool
ends_with_blank(const struct buf *out)
{
	return out->length == 0 ||
	       strchr(" \n", out->data[out->length - 1]) != NULL;
}

/* Of one that was full the last character may have been cut. */
static size_t
complete_length(const struct buf *out)
{
	size_t length = out->length;

	if (buf_ok(out))
		return length;
	while (length > 0 && (out->data[length - 1] & 0xc0) == 0x80)
		length--;
	if (length > 0 && (out->data[length - 1] & 0x80) != 0)
		length--;
	return length;
}

const char *
mail_text_of_html(struct arena *arena, const char *html, size_t most)
{
	struct buf out;

	buf_init(&out, arena, most);
	while (html != NULL && *html != '\0' && buf_ok(&out)) {
		if (*html == '<' && html[1] != '\0' && html[1] != ' ') {
			html = skip_tag(&out, html + 1);
		} else if (*html == '&') {
			html += 1 + add_entity(&out, html + 1);
		} else if (strchr(" \t\r\n", *html) != NULL) {
			if (!ends_with_blank(&out))
				buf_add_char(&out, ' ');
			html++;
		} else {
			buf_add_char(&out, *html++);
		}
	}
	return arena_copy(arena, buf_text(&out), complete_length(&out));
}

/* --- Text into HTML. */

static void
add_escaped(struct buf *html, const char *text, size_t length)
{
	size_t i;

	for (i = 0; i < length; i++)
		switch (text[i]) {
		case '&':
			buf_add_text(html, "&amp;");
			break;
		case '<':
			buf_add_text(html, "&lt;");
			break;
		case '>':
			buf_add_text(html, "&gt;");
			break;
		case '"':
			buf_add_text(html, "&quot;");
			break;
		case '\r':
			break;
		default:
			buf_add_char(html, text[i]);
		}
}

/* How much of this is an address of the web; 0: it is none. */
static size_t
link_length(const char *text)
{
	size_t length;

	if (!text_starts(text, "https://") && !text_starts(text, "http://"))
		return 0;
	length = strcspn(text, " \t\r\n<>\"'");
	while (length > 0 && strchr(".,;:!?)]", text[length - 1]) != NULL)
		length--;
	return length;
}

static void
add_link(struct buf *html, const char *text, size_t length)
{
	buf_add_text(html, "<a href=\"");
	add_escaped(html, text, length);
	buf_add_text(html, "\">");
	add_escaped(html, text, length);
	buf_add_text(html, "</a>");
}

/* Line ends at `text`: a paragraph ends where there are more of them. */
static size_t
add_break(struct buf *html, const char *text)
{
	size_t length = strspn(text, "\r\n"), i, ends = 0;

	for (i = 0; i < length; i++)
		ends += text[i] == '\n';
	if (text[length] != '\0')
		buf_add_text(html, ends > 1 ? "</p>\n<p>" : "<br>\n");
	return length;
}

void
mail_text_add_html(struct buf *html, const char *text)
{
	size_t length;

	buf_add_text(html, "<p>");
	while (*text != '\0') {
		length = link_length(text);
		if (length > 0) {
			add_link(html, text, length);
		} else if (*text == '\n' || *text == '\r') {
			length = add_break(html, text);
		} else {
			length = 1;
			add_escaped(html, text, length);
		}
		text += length;
	}
	buf_add_text(html, "</p>\n");
}

const char *
mail_text_quote(struct arena *arena, const char *text)
{
	struct buf quoted;
	size_t length;

	buf_init(&quoted, arena, QUOTED_MOST);
	while (*text != '\0') {
		length = line_length(text);
		buf_add_text(&quoted, *text == '>' ? ">" : "> ");
		buf_add(&quoted, text, length);
		buf_add_char(&quoted, '\n');
		text = next_line(text);
	}
	return buf_text(&quoted);
}

/* --- Places. */

/* The length of "{{name}}" at `text`; 0: it is not there. */
static size_t
place_length(const char *text, const char *name)
{
	const char *at = text;

	if (!text_starts(at, "{{"))
		return 0;
	at += 2;
	at += strspn(at, " \t");
	if (!text_starts(at, name))
		return 0;
	at += strlen(name);
	at += strspn(at, " \t");
	return text_starts(at, "}}") ? (size_t)(at - text) + 2 : 0;
}

const char *
mail_text_fill(
    struct arena *arena, const char *text, const char *name, const char *value)
{
	struct buf filled;
	size_t length;

	buf_init(&filled, arena, FILLED_MOST);
	while (*text != '\0') {
		length = place_length(text, name);
		if (length > 0)
			buf_add_text(&filled, value);
		else
			buf_add_char(&filled, *text);
		text += length > 0 ? length : 1;
	}
	return buf_text(&filled);
}
