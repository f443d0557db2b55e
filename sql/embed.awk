# The migrations as C: awk -f sql/embed.awk sql/migrations/*.sql, in order.
# The version is the number that the name begins with, and the text is the
# file's, byte for byte: its SHA-256 is kept in the database.

BEGIN {
	print "/* Made by sql/embed.awk from sql/migrations. */"
	print "#include \"db/migrate.h\""
	print ""
	print "const struct migration migrations[] = {"
}

FNR == 1 {
	if (NR > 1)
		print "\t},"
	name = FILENAME
	sub(/.*\//, "", name)
	sub(/\.sql$/, "", name)
	printf "\t{ .version = %d,\n\t    .name = \"%s\",\n\t    .sql =\n",
	    name + 0, name
}

{
	gsub(/\\/, "\\\\")
	gsub(/"/, "\\\"")
	gsub(/\?/, "\\?")
	gsub(/\t/, "\\t")
	printf "\t\t\"%s\\n\"\n", $0
}

END {
	print "\t},"
	print "};"
	print ""
	print "const size_t migrations_count = COUNT(migrations);"
}
