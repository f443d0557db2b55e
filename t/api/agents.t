#!/usr/bin/perl
# /v1/agents: agents, and lists that go on behind a cursor.
use v5.30;
use warnings;

use JSON::PP ();
use MIME::Base64 qw(encode_base64);
use Parley::Test;

my $parley = Parley::Test->new;
my $stranger = $parley->another_account;
my ($true, $false) = (JSON::PP::true, JSON::PP::false);
my $agents = '/v1/agents';
my $time = qr/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

sub names { return join ' ', map { $_->{name} } @{ $_[0]->json } }

# --- One agent.

is_deeply($parley->get($agents)->json, [], 'there is none at first');
my $answer = $parley->post($agents, { name => 'Ada' });
is($answer->status, 201, 'an agent needs nothing but a name');
my $made = $answer->json;
like($made->{$_}, $time, "it has $_") for qw(created_at updated_at);
is_deeply($made, { name => 'Ada', description => undef, active => $true,
    is_demo => $false, metadata => undef, latest_version => undef,
    organization_id => $parley->id, map { $_ => $made->{$_} }
    qw(id created_at updated_at) }, 'the rest is as one expects');
my $one = "$agents/$made->{id}";
$answer = $parley->get($one);
is($answer->status, 200, 'it is shown');
is_deeply($answer->json, { %$made, versions => [], phone_numbers => [],
    conversation_stats => { total => 0, active => 0 } },
    'with what belongs to it, which is nothing yet');
my %whole = (name => 'Bob', description => 'Sells', active => $false,
    is_demo => $true, metadata => { team => 'a', tags => [ 1, 2 ] });
my $bob = $parley->post($agents, \%whole)->json;
is_deeply({ map { $_ => $bob->{$_} } keys %whole }, \%whole,
    'what is given of one is kept');
is_deeply($parley->get("/core/agents/$bob->{id}")->json->{metadata},
    $whole{metadata}, 'and found below /core/ too');
is($parley->post($agents, { name => 'x', active => undef,
    description => undef })->json->{active}, $true,
    'null stands for what would be without it');
$parley->sql("DELETE FROM agent WHERE name = 'x'");
my $ours = { 'idempotency-key' => 'one' };
is($parley->post($agents, { name => 'Once' }, $ours)->json->{id},
    $parley->post($agents, { name => 'Once' }, $ours)->json->{id},
    'the same key makes one agent');
$parley->sql("DELETE FROM agent WHERE name = 'Once'");

# --- Changes.

$answer = $parley->put($one, { description => 'Helps' });
is($answer->status, 200, 'an agent is changed');
is_deeply([ @{ $answer->json }{qw(name description active)} ],
    [ 'Ada', 'Helps', $true ], 'in what is given alone');
is($parley->put($one, { description => undef, name => 'Eve' })->json->{name},
    'Eve', 'to another name');
is($parley->get($one)->json->{description}, undef, 'and what may go is gone');
is($parley->put($one, { nam => 'x' })->json->{warnings}[0]{field}, '/nam',
    'unknown fields are named');

# --- What is refused.

my $before = $parley->sql('SELECT * FROM agent');
for ([ { name => undef }, '/name' ], [ { name => ' ' }, '/name' ],
    [ { name => 'x' x 256 }, '/name' ], [ { name => 7 }, '/name' ],
    [ { active => 1 }, '/active' ], [ { metadata => [] }, '/metadata' ],
    [ { metadata => 'a' }, '/metadata' ],
    [ { description => 'x' x 10001 }, '/description' ]) {
	my ($odd, $field) = @$_;
	for ([ POST => $agents, { name => 'x', %$odd } ],
	    [ PUT => $one, $odd ]) {
		my $answer = $parley->request(@$_);
		is($answer->status, 422, "$_->[0] with a wrong $field is 422");
		like($answer->faults, qr/ \Q$field\E$/, 'which names it');
		like($answer->json->{detail}, qr/\w/, 'and says it in words');
	}
}
is($parley->post($agents, {})->faults, 'MISSING_REQUIRED_FIELDS /name',
    'a name is needed');
is($parley->post($agents, 'x')->status, 400, 'what is no JSON is 400');
is($parley->with_scopes('agents:read')->post($agents, { name => 'x' })->status,
    403, 'adding one needs agents:manage');
is($parley->with_scopes('conversations:manage')->get($agents)->status, 403,
    'and reading agents:read');
is($parley->with_scopes($_)->get($one)->status, 200, "$_ may read")
    for qw(agents:read agents:manage);
is($parley->sql('SELECT * FROM agent'), $before, 'nothing came of those');

# --- Lists.

$parley->sql("UPDATE agent SET created_at = '2025-01-01' WHERE name = 'Eve'");
is(names($parley->get($agents)), 'Bob Eve', 'the newest comes first');
for ([ 'name=BO', 'Bob' ], [ 'name=b_b', '' ], [ 'active=true', 'Eve' ],
    [ 'active=false', 'Bob' ], [ 'is_demo=true', 'Bob' ],
    [ 'metadata=%7B%22team%22%3A%22a%22%7D', 'Bob' ],
    [ 'metadata=%7B%22tags%22%3A%5B2%5D%7D', 'Bob' ],
    [ 'metadata=%7B%22team%22%3A%22b%22%7D', '' ],
    [ "created_after=$bob->{created_at}", 'Bob' ],
    [ "created_before=$bob->{created_at}", 'Bob Eve' ],
    [ 'created_before=2025-01-01T00:00:00.000Z', 'Eve' ],
    [ "updated_after=2126-01-01", '' ],
    [ "updated_before=$bob->{updated_at}&name=b", 'Bob' ],
    [ 'active=false&is_demo=false', '' ]) {
	my ($query, $names) = @$_;
	is(names($parley->get("$agents?$query")), $names,
	    "a list is narrowed by $query");
}
for ([ 'limit=0', '/limit' ], [ 'limit=101', '/limit' ],
    [ 'limit=x', '/limit' ], [ 'cursor=x', '/cursor' ],
    [ 'cursor=', '/cursor' ], [ 'active=1', '/active' ],
    [ 'metadata=x', '/metadata' ], [ 'metadata=[]', '/metadata' ],
    [ 'created_after=now', '/created_after' ]) {
	my ($query, $field) = @$_;
	my $answer = $parley->get("$agents?$query");
	is($answer->status, 422, "$query is 422");
	like($answer->faults, qr/ \Q$field\E$/, 'which names it');
}

# --- Pages.

$parley->post($agents, { name => "P$_" }) for 1 .. 5;
$parley->sql("UPDATE agent SET created_at = '2020-01-01' WHERE name LIKE 'P_'");
my ($path, $seen, $pages) = ("$agents?name=p&limit=2", '', 0);
while ($path && $pages < 9) {
	my $answer = $parley->get($path);
	$pages++;
	$seen .= names($answer) . ' ';
	my $link = $answer->header('link');
	is(defined $link, defined $answer->header('next-cursor'),
	    'both headers are there, or none');
	last unless defined $link;
	($path) = $link =~ /^<([^>]+)>; rel="next"$/;
	like($path, qr/\Q${\ $answer->header('next-cursor')}\E/,
	    'they say the same');
}
is("$pages: $seen", '3: P5 P4 P3 P2 P1 ',
    'who follows the links sees each agent once');
my $moment = encode_base64('2020-01-01T00:00:00.001Z', '');
is(names($parley->get("$agents?limit=1&cursor=$moment")), 'P5',
    'a moment in base64 is a cursor too');
is($parley->get("$agents?name=p&limit=5")->header('next-cursor'), undef,
    'a list that ends has no next one');
$answer = $parley->get("$agents?limit=1&metadata=%7B%7D&metadat="
    . 'x' x 2000);
is($answer->header('link'), undef, 'no address is longer than 2048 bytes');
$answer = $parley->get("$agents?limit=1&x=" . '%C3%A4' x 200);
like($answer->header('link'), qr/^<\Q$agents\E\?limit=1&x=%C3%A4/,
    'what it was asked with is encoded in it');
is($parley->get("/core/agents?limit=1")->header('link') =~ m{^</core/agents\?},
    1, 'a list of /core/ goes on there');

# --- Another account.

my $nobody = '0190b0a0-0000-7000-8000-000000000001';
is_deeply($stranger->get($agents)->json, [], 'another account has none of it');
for my $id ($made->{id}, $nobody, 'x') {
	my $there = "$agents/$id";
	for ([ GET => $there ], [ PUT => $there, { name => 'x' } ],
	    [ DELETE => $there ], [ GET => "$there/versions" ],
	    [ GET => "$there/versions/latest" ],
	    [ GET => "$there/versions/1" ],
	    [ POST => "$there/versions", { config => {} } ],
	    [ PUT => "$there/versions/1", { config => {} } ],
	    [ POST => "$there/versions/1/publish", {} ]) {
		my $answer = $stranger->request(@$_);
		is($answer->faults, 'AGENT_NOT_FOUND',
		    "$_->[0] $_->[1] finds no agent of another");
	}
}

# --- Gone.

$answer = $parley->delete($one, undef, {});
is($answer->status, 204, 'an agent is deleted');
is($answer->content, '', 'of which there is nothing to say');
is($parley->get($one)->status, 404, 'it is gone');
is($parley->delete($one)->faults, 'AGENT_NOT_FOUND', 'once');

done_testing;
