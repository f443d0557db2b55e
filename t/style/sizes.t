#!/usr/bin/perl
# Functions of at most 60 lines and a complexity of at most 12, files of at
# most 600 lines.
use v5.30;
use warnings;

use List::Util qw(sum0);
use Parley::Source qw(files find_program functions source text);
use Test::More;

use constant {
	FUNCTION_MOST => 60,
	FILE_MOST => 600,
	COMPLEXITY_MOST => 12,
	MEDIAN_MOST => 15,
};

my @sources = files('src', qr/\.[ch]\z/);
my @tests = (files('t', qr/\.[ch]\z/), files('t', qr/\.(?:t|pm)\z/),
    't/run');
my (@long_files, @long_functions, @sizes);
for my $file (@sources, @tests) {
	my $lines = () = text($file) =~ /\n/g;
	push @long_files, "$file: $lines lines"
	    if $lines > FILE_MOST && $file =~ m{^src/};
	next unless $file =~ /\.c\z/;
	for (functions($file)) {
		my ($name, $first, $last) = @$_;
		my $size = $last - $first + 1;
		push @sizes, $size if $file =~ m{^src/};
		push @long_functions, "$file:$first: $name has $size lines"
		    if $size > FUNCTION_MOST && $file =~ m{^src/};
	}
}
is(join("\n", @long_files), '', 'no file has more than ' . FILE_MOST
    . ' lines');
is(join("\n", @long_functions), '', 'no function has more than '
    . FUNCTION_MOST);
cmp_ok(@sizes, '>', 500, 'of the functions that were found');
@sizes = sort { $a <=> $b } @sizes;
cmp_ok($sizes[@sizes / 2], '<=', MEDIAN_MOST,
    'half of them have no more than ' . MEDIAN_MOST);

SKIP: {
	my $pmccabe = find_program('pmccabe')
	    or skip 'pmccabe is not installed; run ./bootstrap', 2;
	my @c = map { source() . "/$_" } grep { /^src.*\.c\z/ } @sources;
	open my $out, '-|', $pmccabe, @c or die "$pmccabe: $!";
	my (@complex, $count);
	while (my $line = readline $out) {
		my ($complexity, undef, undef, undef, undef, $where, $name) =
		    split ' ', $line;
		$count++;
		push @complex, "$where $name: $complexity"
		    if $complexity > COMPLEXITY_MOST;
	}
	close $out;
	cmp_ok($count, '>', 500, 'pmccabe finds functions');
	is(join("\n", @complex), '', 'none has a complexity of more than '
	    . COMPLEXITY_MOST);
}

done_testing;
