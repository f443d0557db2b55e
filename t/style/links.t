#!/usr/bin/perl
# The link line is the boundary of rights: what a program is not linked with
# it cannot do.
use v5.30;
use warnings;

use Parley::Source qw(source);
use Parley::Server qw(run);
use Test::More;

my $build = $ENV{BUILDDIR} // source();
my %with = map { $_ => libraries($_) } qw(parley-api parley-worker
    parley);

# The libraries that it asks for itself, without what those ask for.
sub libraries {
	my ($program) = @_;
	my $text = run([ qw(readelf --dynamic), "$build/$program" ]);
	return { map { $_ => 1 } $text =~ /\(NEEDED\).*\[lib([\w+.-]+?)\.so/g };
}

ok($with{'parley-api'}{fcgi}, 'parley-api speaks FastCGI');
ok(!$with{'parley-api'}{curl}, 'and calls nobody');
ok($with{'parley-worker'}{curl}, 'parley-worker calls others');
ok(!$with{'parley-worker'}{fcgi}, 'and does not speak FastCGI');
ok(!$with{parley}{fcgi}, 'parley does not speak FastCGI');
ok($with{parley}{curl}, 'and calls a model, to try pathways');
ok($with{'parley-worker'}{'gmime-3.0'}, 'parley-worker reads mail');
ok(!$with{'parley-api'}{$_}, "parley-api has no $_")
    for qw(gmime-3.0 gio-2.0 gobject-2.0 glib-2.0);
ok(!$with{$_}{'yaml-0'}, "$_ reads no YAML") for qw(parley-api parley-worker);
my $known = qr/^(?:json-c|mariadb|mysqlclient|crypto|inih|c|m|pthread|gcc_s|
    asan|ubsan)$/x;
my $mail = 'gmime-3.0 gio-2.0 gobject-2.0 glib-2.0';
my %own = ('parley-api' => 'fcgi', 'parley-worker' => "curl $mail",
    parley => "yaml-0 curl $mail");
for my $program (sort keys %with) {
	is(join(' ', sort grep { !/$known/ && index(" $own{$program} ", " $_ ") < 0 }
	    keys %{ $with{$program} }), '',
	    "$program has no library that is not known");
}

# What it calls of the C library leaves no way out either.
my %calls = map { $_ => 1 } run([ qw(readelf --dyn-syms --wide),
    "$build/parley-api" ]) =~ /\bUND (\w+)/g;
SKIP: {
	skip 'a sanitizer brings calls of its own', 1
	    if $calls{__asan_init} || -s "$build/parley-api" > 20_000_000;
	is(join(' ', grep { $calls{$_} } qw(execve execvp execv system
	    popen posix_spawn getaddrinfo gethostbyname dlopen)), '',
	    'it does not start programs or look up hosts');
}

done_testing;
