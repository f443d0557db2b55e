# The sources as text, for the tests of style.
#
#	use Parley::Source qw(files code strings lines_of);
#	for my $path (files('src', qr/\.[ch]\z/)) { ... code($path) ... }
package Parley::Source;

use v5.30;
use warnings;

use Carp qw(croak);
use Cwd qw(abs_path);
use Exporter qw(import);
use File::Find qw(find);
use FindBin ();

our @EXPORT_OK = qw(code files find_program functions source strings text);

my $source = abs_path($ENV{SRCDIR} // "$FindBin::Bin/../..");
my %texts;

sub source { return $source }

# The paths below $directory that match, from the top of the sources, in
# order.  What npm puts there and what is built is not ours.
sub files {
	my ($directory, $pattern) = @_;
	my @found;
	find({ no_chdir => 1, wanted => sub {
		$File::Find::prune = 1, return
		    if m{/(?:node_modules|\.deps|demo)\z};
		push @found, s{^\Q$source\E/}{}r if -f && /$pattern/;
	} }, "$source/$directory");
	return sort grep { !m{^t/(?:store|unit)/.*\.t\z} } @found;
}

sub text {
	my ($path) = @_;
	return $texts{$path} //= do {
		open my $file, '<:raw', "$source/$path" or croak "$path: $!";
		local $/;
		readline($file) // '';
	};
}

# C in parts: comments, string literals, character constants and the rest.
my $parts = qr{
	(?<comment> /\*.*?\*/ | //[^\n]*) |
	(?<string> "(?:[^"\\\n]|\\.)*") |
	(?<character> '(?:[^'\\\n]|\\.)*') |
	(?<code> [^/"']+ | /)
}xs;

# The code with neither comments nor the contents of literals; lines stay
# where they are.
sub code {
	my ($path) = @_;
	my $code = '';
	my $text = text($path);
	while ($text =~ /\G$parts/gc) {
		$code .= defined $+{code} ? $+{code} :
		    defined $+{string} ? '""' : defined $+{character} ?
		    "'x'" : $+{comment} =~ s/[^\n]+/ /gr;
	}
	return $code;
}

# The string literals, neighbours joined as the compiler joins them, each
# with its line: [ 12, 'SELECT 1' ].
sub strings {
	my ($path) = @_;
	my (@strings, $joins);
	my ($text, $line) = (text($path), 1);
	$text =~ s/^\s*#\s*include.*$//mg;
	while ($text =~ /\G$parts/gc) {
		my $part = $&;
		if (defined $+{string}) {
			my $word = substr $part, 1, -1;
			$joins ? ($strings[-1][1] .= $word) :
			    push @strings, [ $line, $word ];
			$joins = 1;
		} elsif (defined $+{character} || $+{code} &&
		    $part =~ /[^\s\\]/) {
			$joins = 0;
		}
		$line += $part =~ tr/\n//;
	}
	return @strings;
}

# The functions that a file of C defines: [ name, first line, last line ].
# A definition begins with its name at the start of a line and its body with
# a brace there.
sub functions {
	my ($path) = @_;
	my (@found, $name, $first, $body);
	my $number = 0;
	for my $line (split /\n/, code($path)) {
		$number++;
		if ($line =~ /^(\w+)\(/) {
			($name, $first) = ($1, $number);
		} elsif ($line =~ /^\{/ && $name) {
			$body = 1;
		} elsif ($line =~ /^\}/ && $body) {
			push @found, [ $name, $first, $number ];
			($name, $body) = (undef, 0);
		} elsif ($line =~ /;\s*$/ && !$body) {
			$name = undef;
		}
	}
	return @found;
}

# Where a program is, or undef.
sub find_program {
	my ($program) = @_;
	my ($path) = grep { -x } map { "$_/$program" } split /:/,
	    $ENV{PATH} // '';
	return $path;
}

1;
