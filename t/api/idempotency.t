#!/usr/bin/perl
# Idempotency-Key: the same request twice is done once.
use v5.30;
use warnings;

use JSON::PP ();
use Parley::Test;

my $parley = Parley::Test->new;
my $create = '/v1/sms/create';
my %body = (user_number => '+15550002222', agent_number => $parley->number,
    message => 'Hello');

sub under {
	my ($key, $body, $path, $who) = @_;
	return ($who // $parley)->post($path // $create, $body // \%body,
	    { 'idempotency-key' => $key });
}

# --- The same answer, once done.

my $first = under('one');
is($first->status, 200, 'a request under a key is done');
is($first->header('idempotency-replayed'), undef, 'for the first time');
my $before = $parley->state;
my $again = under('one');
is($again->content, $first->content, 'again: the same, byte for byte');
is($again->status, $first->status, 'with the same status');
is($again->header('idempotency-replayed'), 'true', 'and says so');
is($again->header('content-type'), 'application/json', 'and is JSON');
isnt($again->header('x-request-id'), $first->header('x-request-id'),
    'as a request of its own');
is(under('"one"')->content, $first->content, 'quoted is as bare');
is($parley->state, $before, 'and nothing was stored of those');

my $warned = under('warned', { %body, colour => 'red' });
ok($warned->json->{warnings}, 'an answer with warnings');
is(under('warned', { %body, colour => 'red' })->content, $warned->content,
    'comes again with its warnings');

# --- What is another request.

my $other = under('one', { %body, message => 'Other' });
is($other->status, 422, 'another body: 422');
is($other->faults, 'IDEMPOTENCY_KEY_REUSED', 'IDEMPOTENCY_KEY_REUSED');
$other = under('one', JSON::PP->new->encode(\%body) . ' ');
is($other->status, 422, 'another body is one with other bytes');
isnt(under('two')->content, $first->content, 'another key');
isnt(under('One')->content, $first->content, 'a key in another case');
my %update = (phone_number => $parley->number, temperature => 1);
is(under('one', \%update, '/v1/sms/number/update')->status, 200,
    'another path');
is(under('one', \%update, '/v1/sms/number/update')
    ->header('idempotency-replayed'), 'true', 'which has its own answer');
my $stranger = $parley->another_account;
my $theirs = under('one', { %body, agent_number => $stranger->number },
    undef, $stranger);
is($theirs->status, 200, 'another account');
isnt($theirs->content, $first->content, 'which has its own too');
my $colleague = $parley->with_scopes('conversations:manage');
is(under('one', undef, undef, $colleague)->content, $first->content,
    'another key of the account is the same account');

# --- A refused request is not kept.

for ([ { %body, message => '' }, 400 ], [ { %body, agent_number =>
    '+15559999999' }, 404 ], [ '{', 400 ]) {
	my ($bad, $status) = @$_;
	state $count = 0;
	my $key = 'refused-' . ++$count;
	$before = $parley->state;
	is(under($key, $bad)->status, $status, "refused: $status");
	is(under($key, $bad)->header('idempotency-replayed'), undef,
	    'and again, afresh');
	is($parley->state, $before, 'without a trace');
	is(under($key)->status, 200, 'mended, it is done under its key');
}

# --- Keys.

$before = $parley->state;
for ([ 'an empty one', '' ], [ 'quotes alone', '""' ],
    [ '256 characters', 'x' x 256 ], [ 'a space inside', 'a b' ],
    [ 'a tab inside', "a\tb" ], [ 'letters beyond ASCII', "\xc3\xa9" ],
    [ 'a delete character', "a\x7f" ], [ 'what is no text', "a\xff" ],
    [ '256 characters in quotes', '"' . 'x' x 256 . '"' ]) {
	my ($name, $key) = @$_;
	my $answer = under($key);
	is($answer->status, 400, "$name: 400");
	is($answer->faults, 'INVALID_IDEMPOTENCY_KEY', "$name: it says so");
}
is($parley->state, $before, 'and nothing was done');
my %seen;
for my $key ('x' x 255, '"' . 'y' x 255 . '"', '!#$%&()*+,-./:;<=>?@[]^_`{|}~',
    'a"b', '"', '\\') {
	my $answer = under($key);
	is($answer->status, 200, length($key) > 20 ? length($key)
	    . ' characters are taken' : "$key is taken");
	$seen{$answer->content}++;
	is(under($key)->content, $answer->content, 'and known again');
}
is(keys %seen, 6, 'each is one of its own');

# --- It is forgotten after a day.

my ($row) = $parley->rows('SELECT MIN(TIMESTAMPDIFF(SECOND, UTC_TIMESTAMP(6),'
    . ' expires_at)), MAX(TIMESTAMPDIFF(SECOND, UTC_TIMESTAMP(6),'
    . ' expires_at)) FROM idempotency');
cmp_ok($row->[0], '>', 86400 - 600, 'an answer is kept for a day');
cmp_ok($row->[1], '<=', 86400, 'and no longer');
$parley->sql('UPDATE idempotency SET expires_at = UTC_TIMESTAMP(6) -'
    . ' INTERVAL 1 SECOND');
my $later = under('one');
is($later->status, 200, 'then the request is done');
isnt($later->content, $first->content, 'once more');
is($later->header('idempotency-replayed'), undef, 'for the first time');
is(under('one')->content, $later->content, 'and the new answer is kept');
$parley->sql('UPDATE idempotency SET expires_at = UTC_TIMESTAMP(6) -'
    . ' INTERVAL 1 SECOND');
is(under('one', { %body, message => 'Other' })->status, 200,
    'a key whose time is over may come with another body');

# --- Routes that do not honour it.

my $read = $parley->get('/v1/sms/numbers', undef,
    { 'idempotency-key' => 'one' });
is($read->header('idempotency-replayed'), undef, 'a GET is not kept');
is($parley->get('/v1/me', undef, { 'idempotency-key' => 'a b' })->status,
    200, 'nor is its key looked at');

# --- An answer that shows a secret is kept sealed.

my %key = (name => 'made once', scopes => [ 'webhooks:read' ]);
my $made = under('secret', \%key, '/v1/keys');
is($made->status, 201, 'a key is made');
is(under('secret', \%key, '/v1/keys')->content, $made->content,
    'and shown again under its key');
my ($kept) = $parley->rows('SELECT COUNT(*) FROM idempotency WHERE answer'
    . " LIKE '%" . $made->data->{key} . "%'");
is($kept->[0], 0, 'but is not readable in the database');

done_testing;
