#!/usr/bin/perl
# The form of the sources: as clang-format makes it, 80 columns, tabs of 8.
use v5.30;
use warnings;

use Parley::Source qw(files find_program source text);
use Test::More;

use constant { COLUMNS => 80, TAB => 8 };

my @sources = files('src', qr/\.[ch]\z/);
my @all = (@sources, 't/tap.h', files('t/unit', qr/\.c\z/), files('t/lib', qr/\.pm\z/),
    files('t', qr/\.t\z/), 't/run', files('sql', qr/\.sql\z/),
    files('nginx', qr//), files('apache', qr//));

SKIP: {
	my $format = find_program('clang-format')
	    or skip 'clang-format is not installed; run ./bootstrap', 1;
	my $style = source() . '/src/.clang-format';
	open my $out, '-|', "cd '@{[ source() ]}' && $format --dry-run"
	    . " --style='file:$style' @sources 2>&1" or die "$format: $!";
	my @wrong = grep { /: (?:warning|error): / } readline $out;
	close $out;
	is(join('', @wrong[0 .. ($#wrong < 9 ? $#wrong : 9)]), '',
	    'clang-format would change nothing (make reformat)');
}

my (@long, @blank, @ends, @bytes);
for my $file (grep { is_text($_) } @all) {
	my $text = text($file);
	push @ends, $file unless $text =~ /[^\n]\n\z/;
	push @bytes, $file if $text =~ /\r/;
	my $number = 0;
	for my $line (split /\n/, $text) {
		$number++;
		push @blank, "$file:$number" if $line =~ /[ \t]\z/;
		push @long, "$file:$number: " . width($line)
		    if $file =~ /\.[ch]\z/ && $file =~ m{^src/} &&
		    width($line) > COLUMNS;
	}
}
is(join("\n", @long), '', 'no line has more than ' . COLUMNS . ' columns');
is(join("\n", @blank), '', 'no line ends with white space');
is(join("\n", @ends), '', 'every file ends with one end of line');
is(join("\n", @bytes), '', 'none has a carriage return');

# The return type stands on a line of its own, so that ^name( finds a
# function.
my @types;
for my $file (grep { /^src.*\.c\z/ } @sources) {
	push @types, map { "$file: $_" }
	    text($file) =~ /^(\w[^\n;=#]*[\w*] *\b\w+\([^;{]*\))\s*\n\{/mg;
}
is(join("\n", @types), '', 'a return type has a line of its own');

done_testing;

# What is built and not looked at has no place here.
sub is_text {
	my ($file) = @_;
	return $file !~ m{^t/unit/.*\.t\z};
}

sub width {
	my ($line) = @_;
	utf8::decode($line);
	my $width = 0;
	for my $character (split //, $line) {
		$width += $character eq "\t" ? TAB - $width % TAB : 1;
	}
	return $width;
}
