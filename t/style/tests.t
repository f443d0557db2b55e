#!/usr/bin/perl
# Every source that can be tested alone has a unit test of the same path, and
# what is there is built, run and shipped.
use v5.30;
use warnings;

use Parley::Source qw(files source text);
use Test::More;

my $makefile = text('Makefile.am');

sub is_there { return -e source() . "/$_[0]" }
sub none {
	my ($found, $name) = @_;
	is(join("\n", @$found), '', $name);
}

none([ grep { !is_there($_) } map { s{^src}{t/unit}r }
    files('src', qr{^.*/src/(?:base|http|model)/\w+\.c\z}) ],
    'every file of base, http and model has its unit test');
none([ grep { !is_there($_) } map { s{^t/unit}{src}r }
    files('t/unit', qr/\.c\z/) ], 'every unit test has its source');
none([ grep { my $test = s/c\z/t/r; $makefile !~ /\b\Q$test\E\b/ }
    files('t/unit', qr/\.c\z/) ], 'every unit test is built');
none([ grep { $makefile !~ /\b\Q$_\E\b/ } files('src', qr/\.[ch]\z/) ],
    'every source is in Makefile.am');
none([ grep { $makefile !~ /\b\Q$_\E\b/ }
    files('sql/migrations', qr/\.sql\z/) ],
    'every migration is in Makefile.am');
none([ grep { !is_there($_) && $_ ne 'sql/migrations.c' } $makefile =~ m{\b((?:src|sql)/[\w/-]+\.
    (?:[ch]|sql))(?=\s*\\?$)}mgx ], 'what is in Makefile.am is there');

# A name is a sentence, and no test sleeps or has a port of its own.
my @perl = grep { !m{^t/unit} } (files('t', qr/\.t\z/));
none([ grep { text($_) !~ /\A(?:#!.*\n)?# / } @perl ],
    'every test says what it is about');
none([ grep { text($_) =~ /^\s*(?:Time::HiRes::)?sleep\b(?![^;]*\bif\b)/m }
    @perl ], 'none sleeps, but for a pause before it tries again');
none([ grep { text($_) !~ /\bdone_testing\b|\bexec\b/ } @perl ],
    'every test says that it was at its end');

done_testing;
