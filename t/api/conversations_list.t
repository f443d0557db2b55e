#!/usr/bin/perl
# GET /v1/conversations and /v1/conversations/{id}: filters, pages, what each
# scope shows, and the transcript.
use v5.30;
use warnings;

use JSON::PP ();
use MIME::Base64 qw(encode_base64);
use Parley::Test;

my $parley = Parley::Test->new;
my $stranger = $parley->another_account;
my $list = '/v1/conversations';
my $account = $parley->id =~ tr/-//dr;
my ($true, $false) = (JSON::PP::true, JSON::PP::false);
my $nobody = '0190b0a0-0000-7000-8000-0000000000ff';
my @safe = qw(id organization_id direction channel status user_id agent_id
    agent_version_id agent agent_number web_widget_id trunk_id duration
    user_turn_count created_at updated_at);
my @sensitive = qw(summary initial_context custom_metadata conversation
    recording_details);

sub asked {
	my (%query) = @_;
	my $who = delete $query{who} // $parley;
	return $who->get($list . '?' . join '&', map { "$_=" . escaped(
	    $query{$_}) } sort keys %query);
}

sub escaped {
	my ($value) = @_;
	$value = JSON::PP->new->utf8->canonical->encode($value) if ref $value;
	utf8::encode($value) if utf8::is_utf8($value);
	return $value =~ s/([^A-Za-z0-9_.-])/sprintf '%%%02X', ord $1/ger;
}

# The numbers of those that came, in order; or what was wrong.
sub found {
	my $answer = asked(limit => 100, @_);
	return join ' ', $answer->status, $answer->faults
	    if $answer->status != 200;
	return join ' ', map { substr $_->{id}, -2 } @{ $answer->json };
}

# --- None yet.

is_deeply(asked()->json, [], 'an empty list is an empty array');

# --- Ten that differ.  One is made by the messaging API.

my ($agent, $version) = ('0190b0a0-0000-7000-8000-00000000aaaa',
    '0190b0a0-0000-7000-8000-00000000bbbb');
my ($a, $v) = map { "X'" . tr/-//dr . "'" } $agent, $version;
$parley->sql("INSERT INTO agent (account_id, id, name, active, is_demo,
    last_version, created_at, updated_at) VALUES (X'$account', $a, 'Kim', 1,
    0, 1, UTC_TIMESTAMP(6), UTC_TIMESTAMP(6))");
$parley->create(user_number => '+15552000009', message => 'hello',
    metadata => undef);
my $sms = $parley->get("$list?channel=sms")->json->[0];
is($sms->{user_id}, '+15552000009', 'a conversation over SMS is one of them');
is($sms->{status}, 'in_progress', 'and in progress');
$parley->sql("UPDATE conversation SET created_at = '2026-01-09 10:00:00.123456'
    WHERE account_id = X'$account'");
my @channels = qw(text email telephone webrtc);
for my $i (0 .. 8) {
	my $ended = $i < 5;
	$parley->sql(sprintf "INSERT INTO conversation (account_id, id,
	    channel, agent_key, user_key, status, last_seq, cleared_seq,
	    message_count, created_at, updated_at, direction, progress,
	    agent_id, agent_version_id, initial_context, summary, metadata,
	    duration, user_turn_count) VALUES (X'$account',
	    X'0190b0a00000700080000000000000%02d', '%s', '%s', '%s', '%s', 0,
	    0, 0, '2026-01-0%d 10:00:00.123456', '2026-02-01', '%s', '%s', %s,
	    %s, 'context', 'summary', '%s', %s, %d)", $i, $channels[$i % 4],
	    $i % 4 == 2 ? '+15550001112' : '', "User-$i\@example.com",
	    $ended ? 'ended' : 'open', $i + 1 > 8 ? 8 : $i + 1,
	    $i % 3 ? 'outbound' : 'inbound', $ended ? 'completed' :
	    'in_progress', $i % 2 ? $a : 'NULL', $i == 3 ? $v : 'NULL',
	    qq({"plan":"p$i","tags":["all","t$i"]}),
	    $ended ? 60 * $i : 'NULL', $i);
}
# What lists find them by is written by what makes conversations.
$parley->sql("INSERT IGNORE INTO party_part SELECT account_id, 'user',
    SUBSTRING(LOWER(user_key), seq, 8), user_key FROM conversation
    JOIN seq_1_to_20 WHERE seq <= CHAR_LENGTH(user_key);
    INSERT IGNORE INTO party_part SELECT account_id, 'agent',
    SUBSTRING(LOWER(agent_key), seq, 8), agent_key FROM conversation
    JOIN seq_1_to_20 WHERE seq <= CHAR_LENGTH(agent_key);
    INSERT INTO metadata_leaf SELECT account_id, REPEAT(X'00', 8), created_at,
    id FROM conversation WHERE metadata IS NOT NULL");
$stranger->create(user_number => '+15552000099');

my $last = substr $sms->{id}, -2;
my $all = "$last 08 07 06 05 04 03 02 01 00";
is(found(), $all, 'all are there, newest first, and no stranger\'s');

# --- What is shown.

sub row_of {
	my ($number) = @_;
	my ($row) = grep { $_->{id} =~ /000000$number\z/ }
	    @{ asked(limit => 100)->json };
	return $row;
}
my $row = row_of('03');
is_deeply([ sort keys %$row ], [ sort @safe, @sensitive ],
    'a row has all its members');
is_deeply([ @$row{qw(organization_id direction channel status user_id
    agent_id agent_version_id agent_number duration user_turn_count
    created_at)} ], [ $parley->id, 'inbound', 'webrtc', 'completed',
    'User-3@example.com', $agent, $version, undef, 180, 3,
    '2026-01-04T10:00:00.123Z' ], 'with what it is');
is_deeply($row->{agent}, { id => $agent, name => 'Kim' }, 'and its agent');
is_deeply($row->{custom_metadata}, { plan => 'p3', tags => [ 'all', 't3' ] },
    'and its metadata');
is($row->{conversation}, undef, 'the transcript is not in a list');
$row = row_of('00');
is($row->{duration}, 0, 'no seconds are 0');
is_deeply([ @$row{qw(agent_id agent)} ], [ undef, undef ],
    'no agent is null');
is($sms->{duration}, undef, 'what goes on has no duration');

# --- Who may see what.

my %shown = ('conversations:read' => \@safe,
    'conversations:manage' => \@safe,
    'conversations:read_sensitive' => [ @safe, @sensitive ],
    'conversations:manage,conversations:read_sensitive' =>
	[ @safe, @sensitive ],
    admin => [ @safe, @sensitive ]);
my $one = "$list/0190b0a0-0000-7000-8000-000000000003";
for my $scopes (sort keys %shown) {
	my $who = $parley->with_scopes(split /,/, $scopes);
	my @wanted = sort @{ $shown{$scopes} };
	is_deeply([ sort keys %{ asked(who => $who)->json->[0] } ], \@wanted,
	    "$scopes: what a list shows");
	is_deeply([ sort keys %{ $who->get($one)->json } ], \@wanted,
	    "$scopes: what one shows");
	my $answer = asked(who => $who, custom_metadata => { plan => 'p3' });
	is($answer->status, @wanted > @safe ? 200 : 403,
	    "$scopes: may it ask for metadata");
	is($answer->faults, 'FORBIDDEN /custom_metadata',
	    "$scopes: why not") if @wanted == @safe;
}
for my $scope (qw(agents:manage conversations:dial phone_numbers:read)) {
	my $who = $parley->with_scopes($scope);
	is($who->get($_)->status, 403, "$scope may not get $_")
	    for $list, $one;
}
is($stranger->get($one)->faults, 'CONVERSATION_NOT_FOUND',
    'a stranger finds none of ours');
is($stranger->get($one)->status, 404, 'which is 404');
is($parley->get("$list/$_")->status, 404, "$_ is not found")
    for $nobody, 'x', '';
is_deeply([ map { $_->{id} } @{ $parley->get('/core/conversations')->json } ],
    [ map { $_->{id} } @{ asked()->json } ], '/core/ lists the same');
is($parley->get("/core/conversations/$row->{id}")->json->{id}, $row->{id},
    'and shows the same');

# --- Filters.

my @filters = (
	[ direction => 'inbound', "$last 06 03 00" ],
	[ direction => 'outbound', '08 07 05 04 02 01' ],
	[ channel => 'sms', $last ],
	[ channel => 'email', '05 01' ],
	[ channel => 'whatsapp', '' ],
	[ status => 'completed', '04 03 02 01 00' ],
	[ status => 'in_progress', "$last 08 07 06 05" ],
	[ status => 'token_created', '' ],
	[ user_id => 'USER-3', '03' ],
	[ user_id => 'example', '08 07 06 05 04 03 02 01 00' ],
	[ user_id => '@EXAMPLE.COM', '08 07 06 05 04 03 02 01 00' ],
	[ user_id => '%', '' ],
	[ user_id => '2000', $last ],
	[ user_id => '', $all ],
	[ agent_number => '1112', '06 02' ],
	[ agent_number => '+1555', "$last 06 02" ],
	[ agent_id => $agent, '07 05 03 01' ],
	[ agent_id => $nobody, '' ],
	[ agent_version_id => $version, '03' ],
	[ web_widget_id => $nobody, '' ],
	[ duration_above => 120, '04 03 02' ],
	[ duration_below => 60, '01 00' ],
	[ duration_below => 0, '00' ],
	[ user_turn_count_above => 7, '08 07' ],
	[ user_turn_count_below => 1, "$last 01 00" ],
	[ custom_metadata => { plan => 'p3' }, '03' ],
	[ custom_metadata => { tags => [ 't4', 'all' ] }, '04' ],
	[ custom_metadata => { tags => [ 't4', 't5' ] }, '' ],
	[ custom_metadata => {}, '08 07 06 05 04 03 02 01 00' ],
	[ created_after => '2026-01-08T10:00:00.123Z', "$last 08 07" ],
	[ created_after => '1970-01-01T00:00:00Z', $all ],
	[ created_before => '2026-01-02T11:00:00.123+01:00', '01 00' ],
);
is(found($_->[0] => $_->[1]), $_->[2], "$_->[0]="
    . (ref $_->[1] ? 'metadata' : $_->[1])) for @filters;
is(found(status => 'completed', agent_id => $agent), '03 01',
    'all of several have to hold');
is(found(status => 'completed', agent_id => $agent, duration_above => 100,
    user_id => 'user', custom_metadata => { tags => 'all' },
    created_after => '2026-01-01T00:00:00Z'), '03', 'of many too');

# --- What is refused.

for ([ direction => 'up' ], [ channel => 'fax' ], [ status => 'open' ],
    [ agent_id => 'x' ], [ agent_version_id => 'x' ],
    [ web_widget_id => 'x' ], [ duration_above => 'long' ],
    [ duration_below => 1.5 ], [ user_turn_count_above => '' ],
    [ user_turn_count_below => '99999999999999999999' ],
    [ custom_metadata => 'plan' ], [ custom_metadata => '[1]' ],
    [ custom_metadata => '{"a":1' ], [ created_after => 'yesterday' ],
    [ created_before => '2026-13-01T00:00:00Z' ], [ limit => 0 ],
    [ limit => 101 ], [ limit => 'all' ], [ cursor => 'x' ],
    [ user_id => 'x' x 256 ]) {
	my ($name, $value) = @$_;
	my $answer = asked($name => $value);
	is($answer->status, 422, "$name=" . substr($value, 0, 20) . ' is 422');
	is($answer->faults, "INVALID_PARAMETER /$name", 'which names it');
	like($answer->json->{detail}, qr/\b$name\b/, 'in its detail too');
}
is(asked(limit => 0, channel => 'fax', cursor => 'x')->faults, join(', ',
    map { "INVALID_PARAMETER /$_" } qw(channel limit)),
    'all that is wrong with them is named at once');

# --- Pages.

my @pages;
my ($path, $turns) = ("$list?limit=4&status=completed", 0);
while ($path && $turns++ < 5) {
	my $answer = $parley->get($path);
	push @pages, join ' ', map { substr $_->{id}, -2 } @{ $answer->json };
	my ($link) = ($answer->header('link') // '') =~ /^<(.*)>; rel="next"$/;
	is(defined $link, defined $answer->header('next-cursor'),
	    'there are both headers or none');
	like($link, qr/[?&]status=completed&/, 'the filters go on')
	    if $link;
	$path = $link;
}
is_deeply(\@pages, [ '04 03 02 01', '00' ], 'a link leads to the next page');
is(found(cursor => asked(limit => 3)->header('next-cursor')),
    '06 05 04 03 02 01 00', 'so does the cursor');
is(asked(limit => 10)->header('next-cursor'), undef,
    'behind the last there is nothing');
is(found(cursor => encode_base64('2026-01-03T10:00:00.123Z', '')), '01 00',
    'a cursor that is the base64 of a moment is understood');
$parley->sql("UPDATE conversation SET created_at = '2026-01-05'
    WHERE account_id = X'$account'");
$parley->sql("UPDATE metadata_leaf SET created_at = '2026-01-05'
    WHERE account_id = X'$account'");
my @seen;
my $cursor;
do {
	my $answer = asked(limit => 3, $cursor ? (cursor => $cursor) : ());
	push @seen, map { $_->{id} } @{ $answer->json };
	$cursor = $answer->header('next-cursor');
} while ($cursor && @seen < 20);
is_deeply(\@seen, [ reverse sort @seen ],
    'those of one moment are in the order of their ids');
is(scalar @seen, 10, 'each once, over several pages');

# --- The transcript.

my $talk = $sms->{id};
my ($id, $turn) = ($talk =~ tr/-//dr, '0190b0a000007000800000000000cccc');
my $trace = JSON::PP->new->encode([
    { at => '2026-01-09T10:00:01.000Z', event => 'texted' },
    { at => '2026-01-09T10:00:02.000Z', action => 'call_tool', ask => 2,
	name => 'look_up', arguments => { name => 'Ada' } },
    { at => '2026-01-09T10:00:03.000Z', event => 'tool_answered', ask => 2,
	text => '{"found":true}', elapsed => 990000 } ]) =~ s/\\/\\\\/gr;
$parley->sql("UPDATE message SET created_at = '2026-01-09 10:00:00'
    WHERE conversation_id = X'$id';
    INSERT INTO turn (account_id, conversation_id, id, work_id, event,
    outcome, user_seq, trace, started_at, ended_at) VALUES (X'$account',
    X'$id', X'$turn', X'$turn', 'texted', 'done', 0, '$trace',
    '2026-01-09 10:00:01', '2026-01-09 10:00:04')");
$parley->create(user_number => '+15552000009', message => 'found you',
    sender => 'AGENT');
my $transcript = $parley->get("$list/$talk")->json->{conversation};
is_deeply([ map { "$_->{type} " . ($_->{role} // $_->{name}) . ' '
    . ($_->{text} // $_->{output} // '') } @{ $transcript->{turns} } ],
    [ 'message user hello', 'tool_call look_up ',
    'tool_result look_up {"found":true}', 'message agent found you' ],
    'what was said, and the tools between');
my ($call, $result) = @{ $transcript->{turns} }[1, 2];
is($call->{call_id}, $result->{call_id}, 'call and result are a pair');
is_deeply([ $call->{arguments}, $result->{is_error}, $result->{latency} ],
    [ { name => 'Ada' }, $false, 990 ],
    'with arguments, whether it failed, and how long it took');
is_deeply($parley->get($one)->json->{conversation}, { turns => [] },
    'where nothing was said it is empty');

# --- One that this API makes is found by what it was given.

my $made = $parley->post($list, { channel => 'text', user_id => 'Visitor-7',
    agent_config => { starting_message => 'Hi.' },
    custom_metadata => { campaign => { name => "M\x{e4}rz", step => 2 } } });
is($made->status, 200, 'a text conversation is made');
is(asked(custom_metadata => { campaign => { name => "M\x{e4}rz" } })
    ->json->[0]{user_id}, 'Visitor-7', 'its metadata find it');
is(asked(custom_metadata => { campaign => { step => 3 } })->json->[0], undef,
    'others do not');
is(asked(user_id => 'visitor')->json->[0]{channel}, 'text',
    'and a piece of its user');

# --- Deleted with all that it is found by.

is($parley->delete("/v1/sms/conversations/$talk")->status, 200,
    'one is deleted');
is($parley->get("$list/$talk")->status, 404, 'then it is gone');
is(found(user_id => '2000'), '', 'and found by nothing');
is($parley->sql("SELECT COUNT(*) FROM party_part WHERE account_id ="
    . " X'$account' AND party = '+15552000009'"), 0,
    'no part of its user is kept');

done_testing;
