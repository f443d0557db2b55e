#!/usr/bin/perl
# Words and functions that have no place in the sources.
use v5.30;
use warnings;

use Parley::Source qw(code files text);
use Test::More;

# A buffer that they overrun, a fault that they hide, or state that threads
# share.
my @banned = qw(strcpy strcat sprintf vsprintf strncpy strncat strtok gets
    scanf sscanf fscanf atoi atol atoll atof gmtime localtime ctime asctime
    alloca system popen tmpnam mktemp rand srand random strerror_r signal
    vfork putenv longjmp setjmp);
my $banned = join '|', @banned;

my (@functions, @words, @comments, @vague, @arrays, @globals);
# In pieces, so that this file can be looked at too.
my $unfinished = join '|', map { join '', @$_ } [ qw(TO DO) ], [ qw(FIX ME) ],
    [ qw(XX X) ], [ qw(HA CK) ];
for my $file (files('src', qr/\.[ch]\z/)) {
	my $code = code($file);
	push @functions, "$file: $1" while $code =~ /\b($banned)\s*\(/g;
	push @comments, $file if without_strings($file) =~ m{//};
	push @vague, "$file: $1" while $code =~ /\b(assert\(0\)|register|
	    typedef\s+struct\s+\w+\s*\*)/xg;
	push @globals, "$file: $1" if $file =~ /\.c\z/ && $code =~
	    /^((?!static|const|extern|typedef|struct|enum|union)\w[\w\s*]*
	    \b\w+(?:\s*=[^;{(]*)?;)$/mx;
}
for my $file (files('src', qr/\.[ch]\z/), files('t', qr/\.(?:[ch]|pm|mjs)\z/),
    grep({ !m{^t/unit/} } files('t', qr/\.t\z/)), files('sql', qr/\.sql\z/),
    files('nginx', qr//), files('apache', qr//),
    qw(configure.ac Makefile.am bootstrap CONTRIBUTING.md README.md)) {
	push @words, map { "$file: $_" } text($file) =~ /\b($unfinished)\b/g;
}

# The text without what stands in quotes, comments included.
sub without_strings {
	my ($file) = @_;
	return text($file) =~ s{/\*.*?\*/}{ }gsr =~ s{"(?:[^"\\\n]|\\.)*"}{}gr;
}

sub none {
	my ($found, $name) = @_;
	is(join("\n", @$found), '', $name);
}
none(\@functions, 'no banned function is called');
none(\@words, 'nothing is left unfinished');
none(\@comments, 'comments are /* these */');
none(\@vague, 'no struct hides behind a typedef');
none(\@globals, 'no variable is global');

done_testing;
