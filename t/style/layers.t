#!/usr/bin/perl
# An include only goes down, each library is seen by one place, and SQL is
# in the store.
use v5.30;
use warnings;

use Parley::Source qw(code files strings text);
use Test::More;

# The directories that each may include, beside itself.
my %below = (
	base => [],
	db => [ 'base' ],
	http => [ 'base' ],
	model => [ 'base' ],
	store => [ qw(base db model) ],
	api => [ qw(base db http model store) ],
	command => [ qw(base db net model store upstream) ],
	net => [ 'base' ],
	upstream => [ qw(base db net model store) ],
	work => [ qw(base db net model store upstream) ],
	'parley-api.c' => [ qw(api base) ],
	'parley-worker.c' => [ qw(base work) ],
	'parley.c' => [ qw(base command) ],
);

# Which files may see a header that is not ours.
my %owners = (
	'fcgiapp.h' => qr{^http/fcgi\.c$},
	'ini.h' => qr{^base/config\.c$},
	'mysql.h' => qr{^db/},
	'mysqld_error.h' => qr{^db/},
	'errmsg.h' => qr{^db/},
	'openssl/' => qr{^base/(?:secret|hmac)\.c$},
	'gmime/' => qr{^upstream/mime\.c$},
	'yaml.h' => qr{^command/yaml\.c$},
	'curl/' => qr{^net/},
	'json-c/' => qr{^(?:base/json\.c|model/|http/problem\.c|store/|api/|
	    work/chat\.c|upstream/asking\.c|
	    command/(?:numbers|pathway_file|yaml)\.c)}x,
	'sys/socket.h' => qr{^(?:base/(?:proc|wake)\.c|http/fcgi\.c|net/|
	    command/)}x,
	'pthread.h' => qr{^(?:db/pool\.c|net/fetch\.c|store/pathway_cache\.c|
	    work/run\.c)$}x,
);

my @files = map { s{^src/}{}r } files('src', qr/\.[ch]\z/);
cmp_ok(@files, '>', 100, 'there are sources to look at');
my (@up, @foreign, @missing, @allocating, @sql, @order, @guards);
for my $file (@files) {
	my ($layer) = split m{/}, $file;
	my $text = text("src/$file");
	my @includes = $text =~ /^\s*#\s*include\s+"([^"]+)"/mg;
	my @system = $text =~ /^\s*#\s*include\s+<([^>]+)>/mg;
	my %may = map { $_ => 1 } $layer, @{ $below{$layer} // [] };
	push @missing, $file unless $below{$layer};
	push @up, map { "$file includes $_" } grep { !$may{ (split m{/})[0] } }
	    @includes;
	for my $header (@system) {
		push @foreign, "$file includes <$header>" if grep {
		    index($header, $_) == 0 && $file !~ $owners{$_} }
		    keys %owners;
	}
	push @order, "$file: $_" for order($file, $text);
	push @guards, $file if $file =~ /\.h$/ && $text !~ guard($file);
	my $code = code("src/$file");
	push @allocating, $file =~ m{^base/} ? () : map { "$file calls $_" }
	    $code =~ /\b(malloc|calloc|realloc|free|strdup|strndup|asprintf|
	    vasprintf|getline|getdelim)\s*\(/gx;
	push @sql, map { "$file:$_->[0]: $_->[1]" } grep { is_sql($_->[1]) }
	    strings("src/$file") unless $file =~ m{^(?:store|db)/};
}

# The first include of a source is base.h, the second its own header; ours
# come before the system's.
sub order {
	my ($file, $text) = @_;
	return unless $file =~ /\.c$/;
	my @all = $text =~ /^\s*#\s*include\s+(["<][^">]+)/mg;
	my @wrong;
	push @wrong, 'base/base.h is not the first'
	    if $all[0] ne '"base/base.h';
	my $own = '"' . $file =~ s/c$/h/r;
	push @wrong, 'its own header is not the second' if -e Parley::Source::source() . '/src/' . substr($own, 1) &&
	    ($all[1] // '') ne $own;
	my $shape = join '', map { substr $_, 0, 1 } @all;
	push @wrong, 'a header of ours follows one of the system'
	    if $shape =~ /</ && $shape =~ /<"/;
	return @wrong;
}

sub guard {
	my ($file) = @_;
	my $name = 'PARLEY_' . uc($file =~ s/\W/_/gr);
	return qr/^#ifndef $name\n#define $name\n.*^#endif\n\z/ms;
}

sub is_sql {
	my ($string) = @_;
	return $string =~ /\b(?:SELECT\s.*\sFROM|INSERT\s+INTO|UPDATE\s+\w+\s+
	    SET|DELETE\s+FROM|CREATE\s+TABLE\s+\w+\s*\(|DROP\s+TABLE|FOR\s+UPDATE|ORDER\s+BY|WHERE\s+\w+\s*=)\b/xs;
}

sub none {
	my ($found, $name) = @_;
	is(join("\n", @$found), '', $name);
}

none(\@missing, 'every directory has its place among the layers');
none(\@up, 'an include only goes down');
none(\@foreign, 'each library is seen by one place');
none(\@allocating, 'memory is got and given back in base alone');
none(\@sql, 'SQL is in the store and in db alone');
none(\@order, 'includes are in their order');
none(\@guards, 'every header has its guard');

# The statements are constant: no value becomes SQL.
my @made = map { my $file = $_; map { "$file:$_->[0]: $_->[1]" } grep {
    is_sql($_->[1]) && $_->[1] =~ /%[dlzu]|['=<>(]\s*%s/ } strings($file) }
    files('src/store', qr/\.c\z/);
none(\@made, 'no value is put into a statement by a format');

done_testing;
