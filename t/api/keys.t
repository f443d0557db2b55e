#!/usr/bin/perl
# /v1/keys and /v1/me.
use v5.30;
use warnings;

use JSON::PP ();
use Parley::Test;

my $parley = Parley::Test->new;
my $keys = '/v1/keys';

# --- Make one.

my $answer = $parley->post($keys, { name => 'robot', scopes =>
    [ 'conversations:read', 'phone_numbers:read' ] });
is($answer->status, 201, 'a key is made');
my $made = $answer->data;
like($made->{key}, qr/^pk_[0-9a-f]{32}_[0-9a-f]{64}$/, 'and shown');
is(($made->{key} =~ /^pk_(\w{32})/)[0], $made->{id} =~ s/-//gr,
    'it begins with its id');
is_deeply([ @$made{qw(name scopes expires_at revoked_at)} ], [ 'robot',
    [ 'conversations:read', 'phone_numbers:read' ], undef, undef ],
    'with what was asked for');
my $robot = $parley->client({ $parley->identity, key => $made->{key} });
is_deeply($robot->get('/v1/me')->json, { status => 'active', billing =>
    { current_balance => 0, refill_to => undef }, total_calls => 0,
    account => { id => $parley->id, name => 'Test' }, key_id => $made->{id},
    scopes => $made->{scopes} }, 'it is good, and says whose it is');
is($robot->get('/v1/sms/numbers')->status, 200, 'for what it may do');
is($robot->get($keys)->status, 403, 'and for nothing else');

# --- The secret is shown once and kept nowhere.

my ($secret) = $made->{key} =~ /_(\w{64})$/;
my $list = $parley->get($keys);
is($list->status, 200, 'keys are listed');
my ($row) = grep { $_->{id} eq $made->{id} } @{ $list->data };
is_deeply([ sort keys %$row ], [ qw(created_at expires_at id name revoked_at
    scopes) ], 'without their secrets');
is(index($list->content, $secret), -1, 'in no form');
my $stored = $parley->sql('SELECT HEX(digest), name, scopes FROM api_key;'
    . ' SELECT answer FROM idempotency');
is(index(lc $stored, $secret), -1, 'nor is it in the database');
is(index($parley->api->log, $secret), -1, 'nor in the log');

# --- Expiry.

for my $when ('2090-01-01T00:00:00Z', '2090-01-01', '2090-01-01T00:00:00.5+02:00') {
	is($parley->post($keys, { name => 'x', scopes => [ 'admin' ],
	    expires_at => $when })->status, 201, "it may expire: $when");
}
my ($last) = reverse @{ $parley->get($keys)->data };
is($last->{expires_at}, '2089-12-31T22:00:00.500Z', 'shown in UTC');
is($parley->post($keys, { name => 'x', scopes => [ 'admin' ],
    expires_at => undef })->data->{expires_at}, undef, 'null: never');

# --- What is refused.

my $before = $parley->state;
my %good = (name => 'x', scopes => [ 'admin' ]);
for ([ { name => '' } ], [ { name => ' ' } ], [ { name => 1 } ],
    [ { name => undef } ], [ { name => 'x' x 256 } ],
    [ { scopes => [] }, 'scopes' ], [ { scopes => 'admin' }, 'scopes' ],
    [ { scopes => undef }, 'scopes' ], [ { scopes => {} }, 'scopes' ],
    [ { scopes => [ 1 ] }, 'scopes/0' ],
    [ { scopes => [ 'admin', '' ] }, 'scopes/1' ],
    [ { scopes => [ 'root' ] }, 'scopes' ],
    [ { scopes => [ 'ADMIN' ] }, 'scopes' ],
    [ { scopes => [ ('admin') x 19 ] }, 'scopes' ],
    [ { expires_at => '2020-01-01T00:00:00Z' }, 'expires_at' ],
    [ { expires_at => 'tomorrow' }, 'expires_at' ],
    [ { expires_at => '2090-02-30T00:00:00Z' }, 'expires_at' ],
    [ { expires_at => 1 }, 'expires_at' ]) {
	my ($bad, $field) = @$_;
	my $answer = $parley->post($keys, { %good, %$bad });
	my $name = substr(JSON::PP->new->encode($bad), 0, 40);
	is($answer->status, 400, "$name: 400");
	is($answer->faults, 'INVALID_PARAMETER /' . ($field // 'name'),
	    "$name: it is named");
}
is($parley->post($keys, {})->faults, 'MISSING_REQUIRED_FIELDS /name, '
    . 'MISSING_REQUIRED_FIELDS /scopes', 'name and scopes are required');
is($parley->state, $before, 'and nothing comes of those');

# --- A key gives no scope that it lacks.

my $clerk = $parley->with_scopes('keys:manage', 'tools:read');
is($clerk->post($keys, { name => 'x', scopes => [ 'tools:read' ] })->status,
    201, 'a key gives what it has');
$before = $parley->state;
$answer = $clerk->post($keys, { name => 'x',
    scopes => [ 'tools:read', 'tools:manage' ] });
is($answer->status, 403, 'but not what it lacks');
is($answer->faults, 'FORBIDDEN /scopes', 'and says why');
like($answer->errors->[0]{message}, qr/tools:manage$/, 'naming it');
is($clerk->post($keys, { name => 'x', scopes => [ 'admin' ] })->status, 403,
    'least of all everything');
is($parley->state, $before, 'and nothing comes of it');

# --- Revoke it.

$answer = $parley->delete("$keys/$made->{id}");
is_deeply($answer->json, { errors => undef, data =>
    { message => 'The key is revoked' } }, 'a key is revoked');
is($robot->get('/v1/me')->status, 401, 'and good for nothing');
($row) = grep { $_->{id} eq $made->{id} } @{ $parley->get($keys)->data };
like($row->{revoked_at}, qr/^\d{4}-.*Z$/, 'the list says so');
$before = $parley->state;
is($parley->delete("$keys/$made->{id}")->status, 200,
    'once more is no fault');
is($parley->state, $before, 'and does nothing');
for my $id ('nonsense', '0190b0a0-0000-7000-8000-000000000001') {
	$answer = $parley->delete("$keys/$id");
	is($answer->status, 404, "$id: 404");
	is($answer->faults, 'KEY_NOT_FOUND', "$id: it is said so");
}

done_testing;
