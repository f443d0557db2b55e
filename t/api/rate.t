#!/usr/bin/perl
# How many requests an account may make.
use v5.30;
use warnings;

use Parley::Test;

my $parley = Parley::Test->new(children => 3, environment =>
    { PARLEY_API_RATE => 1, PARLEY_API_BURST => 5 });
my $other = $parley->another_account;

# The bucket is full by now, and is that of all processes together.
my @answers = map { $parley->get('/v1/me') } 1 .. 20;
my @good = grep { $_->status == 200 } @answers;
my @limited = grep { $_->status == 429 } @answers;
is(@good + @limited, 20, 'a request is served or limited');
cmp_ok(@good, '>=', 5, 'the burst is served');
cmp_ok(@limited, '>=', 5, 'and what is too much is limited');
is_deeply([ map { $_->status } @answers[0 .. 4] ], [ (200) x 5 ],
    'first come, first served');
my ($limited) = @limited;
is($limited->faults, 'RATE_LIMITED', 'it is said so');
is($limited->json->{title}, 'Too Many Requests', 'by its name');
is((grep { ($_->header('retry-after') // '') !~ /^[1-9]\d*$/ } @limited), 0,
    'and when to come again');

# The bucket fills again, however slow the machine is, so some are served.
my @written = map { $parley->create } 1 .. 20;
my @stored = grep { $_->status == 200 } @written;
is((grep { $_->status == 429 } @written) + @stored, 20,
    'what writes is served or limited as well');
cmp_ok(scalar @stored, '<', 20, 'not all of it is served');
is($parley->sql('SELECT COUNT(*) FROM message') + 0, scalar @stored,
    'and nothing else is stored');

my ($mine, $theirs);
wait_until(60, sub {
	($mine, $theirs) = map { $_->get('/v1/me') } $parley, $other;
	return $mine->status == 429 && $theirs->status == 200;
});
is_deeply([ $mine->status, $theirs->status ], [ 429, 200 ],
    'another account has its own');
is($parley->get('/v1/health')->status, 200, 'what is open is not limited');
is($parley->get('/v1/me', undef, { authorization => 'pk_nobody' })->status,
    401, 'nor is who is nobody');
ok(wait_until(60, sub { $parley->get('/v1/me')->status == 200 }),
    'after a while it goes on');

# --- Without a limit.

$parley->restart(PARLEY_API_RATE => 0);
is((grep { $parley->get('/v1/me')->status != 200 } 1 .. 100), 0,
    'a rate of 0 is no limit');

done_testing;
