/*
 * The table of keys, the file and the environment that fill it, and the
 * two listings that are printed from it.
 *
 * inih splits the lines, but Debian's build does not tell its handler the
 * line, reads indented lines as continuations, skips what it cannot read
 * after the first time, and silently cuts what is long.  So it is given
 * the lines by next_line, which counts them, and whose preparation leaves
 * only those that inih reads as they are meant.
 */
#include "base/base.h"

#include "base/config.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/config_key.h"
#include "base/text.h"

#include <errno.h>
#include <ini.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

#define PREFIX "PARLEY_"
#define VALUE_WIDTH 24 /* where the comments of a listing stand */

/* Begin like ours, and are others'. */
static const char *const others[] = { "PARLEY_URL", "PARLEY_API_KEY",
	"PARLEY_NUMBER", "PARLEY_CA", "PARLEY_CONFIG" };

struct setting {
	const char *value; /* NULL: unset */
	const char *from;  /* for people: "default" */
	int line;          /* of the file, or 0 */
};

struct load {
	struct arena *arena;
	struct buf *why;
	bool wrong;
	struct setting settings[CONFIG_KEYS_MOST];
	const char *variables[CONFIG_KEYS_MOST + 1];
	/* the file */
	const char *path;
	FILE *file;
	char *line; /* getline's */
	size_t room;
	int number;     /* of the line */
	int trouble;    /* the errno that ended the reading */
	bool headed;    /* a section has begun */
	bool pending;   /* the line ought to be a pair */
	bool commented; /* the line had a comment behind its value */
};

static void load_all(
    struct load *load, struct arena *arena, const char *path, struct buf *why);
static void load_fill(struct load *load, struct config *config);

/* The listings */

enum outcome
config_load(struct arena *arena, const char *path, struct config *config,
    struct buf *why)
{
	struct load load;
	struct config found;

	load_all(&load, arena, path, why);
	load_fill(&load, &found);
	if (load.wrong)
		return INVALID;
	*config = found;
	return OK;
}

static int
name_width(void)
{
	size_t i, width = 0;

	for (i = 0; i < config_keys_count; i++)
		if (strlen(config_keys[i].name) > width)
			width = strlen(config_keys[i].name);
	return (int)width;
}

/* The heading of a section, where row i is its first. */
static void
print_heading(struct buf *out, size_t i)
{
	if (i > 0 &&
	    text_equal(config_keys[i].section, config_keys[i - 1].section))
		return;
	if (i > 0)
		buf_add_char(out, '\n');
	buf_add_format(out, "[%s]\n", config_keys[i].section);
}

enum outcome
config_print(
    struct arena *arena, const char *path, struct buf *out, struct buf *why)
{
	struct load load;
	struct config unused;
	const char *value;
	size_t i;

	load_all(&load, arena, path, why);
	load_fill(&load, &unused);
	if (load.wrong)
		return INVALID;
	for (i = 0; i < config_keys_count; i++) {
		value = load.settings[i].value;
		if (value == NULL)
			value = "";
		else if (config_keys[i].kind == SECRET)
			value = "(hidden)";
		print_heading(out, i);
		buf_add_format(out, "%-*s = %-*s # %s\n", name_width(),
		    config_keys[i].name, VALUE_WIDTH, value,
		    load.settings[i].from);
	}
	return OK;
}

void
config_describe(struct buf *out)
{
	const char *initial;
	size_t i;

	buf_add_text(out,
	    "# Parley's configuration.  A key that is commented out has the\n"
	    "# value that stands behind it, or none.  Each is an environment\n"
	    "# variable too, which wins over this file: [database] socket is\n"
	    "# PARLEY_DATABASE_SOCKET.  A comment begins with # or ;, behind\n"
	    "# a value with a space before it.\n\n");
	for (i = 0; i < config_keys_count; i++) {
		initial = config_keys[i].initial;
		print_heading(out, i);
		buf_add_format(out, "# %s\n#%s =%s%s\n", config_keys[i].about,
		    config_keys[i].name, initial != NULL ? " " : "",
		    initial != NULL ? initial : "");
	}
}

/* Mistakes */

static void
mistake(struct load *load, const char *where, const char *what)
{
	if (load->wrong)
		buf_add_char(load->why, '\n');
	buf_add_format(load->why, "%s: %s", where, what);
	load->wrong = true;
}

/* The line of the file that is being read, as it stands in a mistake. */
static const char *
here(const struct load *load)
{
	return arena_format(load->arena, "%s:%d", load->path, load->number);
}

static const char *
suggestion(const struct load *load, const char *word, const char *const *words)
{
	const char *nearest = text_nearest(word, words);

	if (nearest == NULL)
		return "";
	return arena_format(load->arena, "; did you mean %s?", nearest);
}

/* Values */

/* Row i gets a value, if it is right.  An empty one unsets what has no
 * default; for another it would silently become the default. */
static void
put(struct load *load, size_t i, const char *value, const char *where,
    const char *from)
{
	const struct config_key *key = &config_keys[i];
	struct setting *setting = &load->settings[i];
	const char *text = arena_text(load->arena, value);
	const char *is = "";

	if (!text_is_clean(text, strlen(text)) ||
	    text[strcspn(text, "\r\n")] != '\0') {
		mistake(load, where,
		    arena_format(load->arena,
			"[%s] %s must be one line of UTF-8 text", key->section,
			key->name));
	} else if (*text == '\0' && key->initial == NULL) {
		setting->value = NULL;
		setting->from = from;
	} else if (!config_kind_fits(key->kind, key->least, key->most, text)) {
		if (key->kind != SECRET)
			is = arena_format(load->arena, ", not \"%s\"", text);
		mistake(load, where,
		    arena_format(load->arena, "[%s] %s must be %s%s",
			key->section, key->name,
			config_kind_right(
			    load->arena, key->kind, key->least, key->most),
			is));
	} else {
		setting->value = text;
		setting->from = from;
	}
}

/* The file */

static bool
section_exists(const char *section)
{
	size_t i;

	for (i = 0; i < config_keys_count; i++)
		if (text_equal(section, config_keys[i].section))
			return true;
	return false;
}

/* Row i in the section of the ini file; config_keys_count: there is none. */
static size_t
key_find(const char *section, const char *name)
{
	size_t i;

	for (i = 0; i < config_keys_count; i++)
		if (text_equal(section, config_keys[i].section) &&
		    text_equal(name, config_keys[i].name))
			break;
	return i;
}

/* The last line did not come back as a pair from inih: it is none. */
static void
check_pending(struct load *load)
{
	if (load->pending)
		mistake(load, here(load), "is not \"key = value\"");
	load->pending = false;
}

/* Judges "[section]", so that one unknown section is one mistake. */
static const char *
prepare_section(struct load *load, char *line)
{
	const char *words[CONFIG_KEYS_MOST + 1] = { NULL };
	size_t i, length = strlen(line);
	const char *section;

	load->headed = true;
	if (line[length - 1] != ']') {
		mistake(load, here(load), "is not \"[section]\"");
		return "[]";
	}
	section = arena_copy(load->arena, line + 1, length - 2);
	for (i = 0; i < config_keys_count; i++)
		words[i] = config_keys[i].section;
	if (!section_exists(section))
		mistake(load, here(load),
		    arena_format(load->arena, "there is no section [%s]%s",
			section, suggestion(load, section, words)));
	return line;
}

/* Cuts a comment behind a value, and white space at the end. */
static void
cut_comment(struct load *load, char *line)
{
	size_t i;

	load->commented = false;
	for (i = 1; line[i - 1] != '\0'; i++)
		if (strchr(" \t", line[i - 1]) != NULL && line[i] != '\0' &&
		    strchr("#;", line[i]) != NULL) {
			line[i] = '\0';
			load->commented = true;
		}
	for (i = strlen(line); i > 0 && strchr(" \t\r\n", line[i - 1]); i--)
		line[i - 1] = '\0';
}

/* The line as inih may see it, in at most `most` bytes; "" for none. */
static const char *
prepare_line(struct load *load, size_t length, size_t most)
{
	char *line = load->line;

	if (!text_is_clean(line, length)) {
		mistake(load, here(load), "is not UTF-8 text");
		return "";
	}
	if (load->number == 1 && text_starts(line, "\xEF\xBB\xBF"))
		line += 3; /* a byte order mark */
	line += strspn(line, " \t\r\n");
	if (*line == '\0' || strchr("#;", *line) != NULL)
		return "";
	cut_comment(load, line);
	if (strlen(line) > most) {
		mistake(load, here(load),
		    arena_format(load->arena,
			"is longer than %zu bytes; an environment variable "
			"may be",
			most));
		return "";
	}
	if (*line == '[')
		return prepare_section(load, line);
	load->pending = true;
	return line;
}

/* inih's reader. */
static char *
next_line(char *line, int room, void *context)
{
	struct load *load = context;
	ssize_t length;

	check_pending(load);
	length = getline(&load->line, &load->room, load->file);
	if (length < 0) {
		load->trouble = ferror(load->file) ? errno : 0;
		return NULL;
	}
	load->number++;
	/* room for a line feed, and for the carriage return that inih's
	 * documentation takes off as well */
	(void)snprintf(line, (size_t)room, "%s\n",
	    prepare_line(load, (size_t)length, (size_t)room - 3));
	return line;
}

static void
unknown_key(struct load *load, const char *section, const char *name)
{
	const char *words[CONFIG_KEYS_MOST + 1] = { NULL };
	size_t i, count = 0;

	for (i = 0; i < config_keys_count; i++)
		if (text_equal(section, config_keys[i].section))
			words[count++] = config_keys[i].name;
	mistake(load, here(load),
	    arena_format(load->arena, "there is no key \"%s\" in [%s]%s", name,
		section, suggestion(load, name, words)));
}

/* Row i, found in the file. */
static void
take_key(struct load *load, size_t i, const char *value)
{
	struct setting *setting = &load->settings[i];
	const char *where = here(load);

	if (setting->line != 0) {
		mistake(load, where,
		    arena_format(load->arena,
			"[%s] %s is repeated; it stands in line %d already",
			config_keys[i].section, config_keys[i].name,
			setting->line));
		return;
	}
	setting->line = load->number;
	if (config_keys[i].kind == SECRET && load->commented) {
		/* a password with " #" in it, perhaps, cut in the middle */
		mistake(load, where,
		    arena_format(load->arena,
			"[%s] %s must have no comment behind it; one with "
			"\" #\" or \" ;\" inside can only be given in %s",
			config_keys[i].section, config_keys[i].name,
			load->variables[i]));
		return;
	}
	put(load, i, value, where, arena_format(load->arena, "from %s", where));
}

/* inih's handler; always 1, since the mistakes are kept here. */
static int
take_pair(
    void *context, const char *section, const char *name, const char *value)
{
	struct load *load = context;
	size_t i = key_find(section, name);

	load->pending = false;
	if (!load->headed)
		mistake(load, here(load),
		    arena_format(load->arena,
			"\"%s\" stands before any [section]", name));
	else if (i < config_keys_count)
		take_key(load, i, value);
	else if (section_exists(section))
		unknown_key(load, section, name);
	return 1;
}

static void
load_file(struct load *load, const char *path)
{
	const char *variable = getenv("PARLEY_CONFIG");
	int line;

	load->path = path;
	if (path == NULL)
		load->path = variable != NULL && *variable != '\0'
				 ? variable
				 : CONFIG_PATH;
	load->file = fopen(load->path, "re");
	if (load->file == NULL && errno == ENOENT && path == NULL &&
	    load->path != variable)
		return;
	if (load->file == NULL) {
		mistake(load, load->path, strerror(errno));
		return;
	}
	line = ini_parse_stream(next_line, load, take_pair, load);
	if (load->trouble != 0)
		mistake(load, load->path, strerror(load->trouble));
	else if (line != 0 && !load->wrong)
		mistake(load, load->path,
		    arena_format(
			load->arena, "line %d is not understood", line));
	free(load->line);
	(void)fclose(load->file); /* it was only read */
}

/* The environment */

static char *
variable_name(struct arena *arena, const struct config_key *key)
{
	char *at, *name = arena_format(
		      arena, PREFIX "%s_%s", key->section, key->name);

	for (at = name; *at != '\0'; at++)
		if (*at >= 'a' && *at <= 'z')
			*at = (char)(*at - 'a' + 'A');
	return name;
}

/* Is it ours: does it begin with one of the sections? */
static bool
is_ours(const struct load *load, const char *name)
{
	size_t i;

	for (i = 0; i < COUNT(others); i++)
		if (text_equal(name, others[i]))
			return false;
	for (i = 0; i < config_keys_count; i++)
		if (strncmp(name, load->variables[i],
			strlen(PREFIX "_") + strlen(config_keys[i].section)) ==
		    0)
			return true;
	return false;
}

static void
take_variable(struct load *load, const char *name, const char *value)
{
	size_t i;

	if (*value == '\0' || !is_ours(load, name))
		return;
	for (i = 0; i < config_keys_count; i++)
		if (text_equal(name, load->variables[i]))
			break;
	if (i < config_keys_count)
		put(load, i, value, name, "from the environment");
	else
		mistake(load, name,
		    arena_format(load->arena, "there is no such key%s",
			suggestion(load, name, load->variables)));
}

static void
load_environment(struct load *load)
{
	const char *equals;
	char **at;

	for (at = environ; at != NULL && *at != NULL; at++) {
		equals = strchr(*at, '=');
		if (equals != NULL && text_starts(*at, PREFIX))
			take_variable(load,
			    arena_copy(
				load->arena, *at, (size_t)(equals - *at)),
			    equals + 1);
	}
}

/* All of it */

static void
load_all(
    struct load *load, struct arena *arena, const char *path, struct buf *why)
{
	size_t i;

	memset(load, 0, sizeof(*load));
	load->arena = arena;
	load->why = why;
	for (i = 0; i < config_keys_count; i++) {
		load->settings[i].value = config_keys[i].initial;
		load->settings[i].from = "default";
		load->variables[i] = variable_name(arena, &config_keys[i]);
	}
	load_file(load, path);
	load_environment(load);
}

/* Only right values were put, so all can be stored; then what must hold
 * between them is checked. */
static void
load_fill(struct load *load, struct config *config)
{
	const char *value;
	int64_t number;
	enum outcome rc;
	size_t i;

	*config = (struct config){ .api_rate = 0 };
	for (i = 0; i < config_keys_count; i++) {
		value = load->settings[i].value;
		if (config_keys[i].kind == INTEGER) {
			rc = text_to_integer(value, &number);
			assert(rc == OK);
			memcpy((char *)config + config_keys[i].offset, &number,
			    sizeof(number));
		} else {
			memcpy((char *)config + config_keys[i].offset, &value,
			    sizeof(value));
		}
	}
	if (config->api_rate > 0 && config->api_burst < 1)
		mistake(load, "[api] burst",
		    arena_format(load->arena,
			"must be at least 1 when rate is not 0 (%s)",
			load->settings[key_find("api", "burst")].from));
}

const char *
config_public_url(
    struct arena *arena, const struct config *config, const char *path)
{
	const char *url = config->http_public_url;
	size_t length = url != NULL ? strlen(url) : 0;

	while (length > 0 && url[length - 1] == '/')
		length--;
	return length > 0
		   ? arena_format(arena, "%.*s%s", (int)length, url, path)
		   : NULL;
}
