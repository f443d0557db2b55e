#!/usr/bin/perl
# POST /v1/sms/send: words that are given leave, or the agent is asked for
# them; and what a request gives stays with its conversation.
use v5.30;
use warnings;
use utf8;

use JSON::PP ();
use Parley::Receiver;
use Parley::Test;

use constant { PATIENCE => 30, TEMPLATE => 'HX' . '0123456789abcdEF' x 2 };

my $parley = Parley::Test->new(environment =>
    { PARLEY_NET_ALLOW => '127.0.0.0/8' });
my ($true, $false) = (JSON::PP::true, JSON::PP::false);
my $uuid = qr/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
my $account = $parley->id =~ s/-//gr;
my $graph = '{"nodes":[{"id":"start"},{"id":"offer"}]}';
my $users = 0;

sub new_user { return sprintf '+1555600%04d', ++$users }
sub row { return "UNHEX(REPLACE('$_[0]', '-', ''))" }

# A send with what is given over one that is as it should be; undef takes
# away a field.
sub send_text {
	my (%given) = @_;
	my %body = (user_number => new_user(), agent_number =>
	    $parley->number, agent_message => 'Hello', %given);
	delete @body{grep { !defined $body{$_} } keys %body};
	return $parley->post('/v1/sms/send', \%body);
}

# The same without words.
sub ask_agent { return send_text(@_, agent_message => undef) }

sub settings {
	my (%given) = @_;
	my $answer = $parley->post('/v1/sms/number/update',
	    { phone_number => $parley->number, %given });
	die $answer->content if $answer->status != 200;
}

sub shown { return $parley->conversation($_[0]->data->{conversation_id}) }
sub works {
	my ($id, $kind) = @_;
	return map { $_->[0] } $parley->rows('SELECT payload FROM work WHERE'
	    . " kind = '$kind' AND state = 'waiting' AND subject_id = "
	    . row($id));
}

# --- Words that are given.

my $user = new_user();
my $answer = send_text(user_number => $user, agent_message => 'Hello  there ');
is($answer->status, 200, 'words are taken');
my $data = $answer->data;
my ($id, $message, $work) = delete @$data{qw(conversation_id message_id
    workflow_id)};
like($_, $uuid, 'the answer names conversation, message and work')
    for $id, $message, $work;
is_deeply($data, { status => 'processing', message =>
    'SMS accepted for delivery' }, 'and says that it goes on');
ok(!exists $answer->json->{warnings}, 'without a warning');
my $conversation = $parley->conversation($id);
is_deeply([ map { [ @$_{qw(id message sender status from to)} ] }
    @{ $conversation->{messages} } ], [ [ $message, 'Hello  there ', 'AGENT',
    'pending', $parley->number, $user ] ],
    'the message is there, word for word, and is to leave');
my $workflow = $parley->get("/v1/workflows/$work")->data;
is_deeply([ @$workflow{qw(kind state conversation_id)} ], [ 'send', 'waiting',
    $id ], 'the work is what sends it');
is(works($id, 'turn'), 0, 'the agent is not asked');
$answer = send_text(user_number => $user, agent_message => 'Again');
is($answer->data->{conversation_id}, $id,
    'the next goes into the same conversation');
is_deeply([ map { $_->{message} } @{ shown($answer)->{messages} } ],
    [ 'Hello  there ', 'Again' ], 'after the first');
$answer = send_text(user_number => $user, new_conversation => $true);
isnt($answer->data->{conversation_id}, $id, 'new_conversation opens another');
is($parley->conversation($id)->{status}, 'inactive', 'and archives the first');
is(shown(send_text(channel => 'whatsapp'))->{effective_channel}, 'whatsapp',
    'a channel can be asked for');

# --- The agent is asked for the words.

$user = new_user();
$answer = ask_agent(user_number => $user);
is($answer->status, 200, 'the agent is to open a conversation');
$id = $answer->data->{conversation_id};
is($answer->data->{message_id}, undef, 'there is no message yet');
$conversation = $parley->conversation($id);
is_deeply([ @$conversation{qw(is_active message_count status)} ],
    [ $true, 0, 'open' ], 'but a conversation');
is_deeply([ works($id, 'turn') ], [ '{"event":"opened"}' ],
    'in which the agent is to take its turn');
is($parley->get('/v1/workflows/' . $answer->data->{workflow_id})->data
    ->{kind}, 'turn', 'which is the work that is named');
is($parley->sql('SELECT w.due <= UTC_TIMESTAMP(6) FROM work w WHERE w.id = '
    . row($answer->data->{workflow_id})), 1, 'at once');
my $counted = $parley->get('/v1/sms/numbers')->data->[0]{conversation_count};
my $second = ask_agent(user_number => $user, agent_message => undef);
is($second->data->{workflow_id}, $answer->data->{workflow_id},
    'to ask again does not make it speak twice');
is(works($id, 'turn'), 1, 'it is one turn');
is($parley->get('/v1/sms/numbers')->data->[0]{conversation_count}, $counted,
    'of one conversation');
my @key = ({ user_number => new_user(), agent_number => $parley->number },
    { 'Idempotency-Key' => 'open' });
my @twice = map { $parley->post('/v1/sms/send', @key) } 1, 2;
is($twice[1]->content, $twice[0]->content, 'a replayed key answers the same');
is($twice[1]->header('idempotency-replayed'), 'true', 'and says so');

# --- What is given stays with the conversation.

$parley->sql(<<~"END");
	INSERT INTO pathway (account_id, id, name, production_version,
	    staging_version, created_at) VALUES
	  (X'$account', 'p1', 'One', 2, NULL, NOW(6)),
	  (X'$account', 'p2', 'Two', 1, NULL, NOW(6));
	INSERT INTO pathway_version (account_id, pathway_id, number, name,
	    document, created_at) VALUES
	  (X'$account', 'p1', 1, 'v1', '{"nodes":[{"id":"one"}]}', NOW(6)),
	  (X'$account', 'p1', 2, 'v2', '$graph', NOW(6)),
	  (X'$account', 'p2', 1, 'v1', '$graph', NOW(6));
	INSERT INTO outcome VALUES (X'$account', 'o1', 'sold', '{}', NOW(6)),
	  (X'$account', 'o2', 'lost', '{}', NOW(6));
	INSERT INTO citation_schema VALUES
	  (X'$account', 'c1', 'intake', '{}', NOW(6));
	END
my %all = (objective => 'Sell', request_data => { name => 'Ada', n => 1 },
    webhook => 'https://client.example.test/hook', metadata => { ticket => 7 },
    disposition_ids => [ 'o1' ], citation_schema_ids => [ 'c1' ],
    time_out => 600, warning_time => 300, timeout_message => 'Bye',
    warning_message => 'Still there?', pathway_id => 'p1',
    pathway_version => 2, start_node_id => 'offer');
my %talk = (user_number => new_user());
$answer = ask_agent(%talk, %all);
is($answer->status, 200, 'everything at once is taken');
ok(!exists $answer->json->{warnings}, 'and known');
$id = $answer->data->{conversation_id};
my @shown = qw(objective variables metadata time_out warning_time
    timeout_message warning_message curr_pathway_id curr_pathway_version
    current_node_id);
my %kept = (objective => 'Sell', variables => { name => 'Ada', n => 1 },
    metadata => { ticket => 7 }, time_out => 600, warning_time => 300,
    timeout_message => 'Bye', warning_message => 'Still there?',
    curr_pathway_id => 'p1', curr_pathway_version => '2',
    current_node_id => 'offer');
sub kept {
	my $made = $parley->conversation($id);
	return { map { $_ => $made->{$_} } @shown };
}
sub hidden {
	return ($parley->rows('SELECT webhook, disposition_ids,'
	    . ' citation_schema_ids FROM conversation WHERE id = '
	    . row($id)))[0];
}
is_deeply(kept(), \%kept, 'the conversation has it');
is_deeply(hidden(), [ 'https://client.example.test/hook', '["o1"]',
    '["c1"]' ], 'with its webhook, outcomes and citation schemas');
send_text(%talk);
is_deeply(kept(), \%kept, 'a send that gives nothing changes nothing');
send_text(%talk, objective => 'Help', request_data => { n => 2 },
    outcome_ids => [ 'lost' ], time_out => 900, metadata => { a => 1 });
is_deeply(kept(), { %kept, objective => 'Help', time_out => 900,
    variables => { name => 'Ada', n => 2 }, metadata => { a => 1 } },
    'what is given again replaces what was, and variables by their names');
is(hidden()->[1], '["lost"]', 'outcome_ids is another name');
send_text(%talk, pathway_id => 'p1');
is(kept()->{current_node_id}, 'offer',
    'the same pathway once more does not start it again');
send_text(%talk, pathway_id => 'p1', start_node_id => 'start');
is(kept()->{current_node_id}, 'start', 'unless a node is given');
$parley->post('/v1/sms/send', { %talk, agent_number => $parley->number,
    agent_message => 'x', map { $_ => undef } qw(objective webhook metadata
    disposition_ids citation_schema_ids time_out timeout_message
    warning_time warning_message) });
is_deeply([ map { kept()->{$_} } qw(objective metadata time_out
    timeout_message) ], [ (undef) x 4 ], 'null takes an override away');
is_deeply(hidden(), [ ('NULL') x 3 ], 'also of what is not shown');
send_text(%talk, objective => 'Sell');
$answer = send_text(%talk, new_conversation => $true);
$id = $answer->data->{conversation_id};
is_deeply(kept(), { map { $_ => undef } @shown },
    'a new conversation has nothing of the old one');

# --- What is given wins over the number's config.

settings(pathway_id => 'p1', pathway_version => '1', start_node_id => 'one',
    request_data => { name => 'Number', x => 1 });
sub position {
	return join ' ', map { $_ // '-' } @{ shown($_[0]) }{qw(
	    curr_pathway_id curr_pathway_version current_node_id)};
}
is(position(ask_agent(pathway_id => 'p2', pathway_version => 1)), 'p2 1 -',
    'a pathway and its version');
is(position(ask_agent(pathway_version => 2)), 'p1 2 -',
    "a version alone is of the number's pathway");
is(position(ask_agent(pathway_version => 'v2', start_node_id => 'offer')),
    'p1 v2 offer', 'with a node of it');
is(position(ask_agent(start_node_id => 'one')), 'p1 1 one',
    "a node alone is of the number's pathway and version");
is(ask_agent(start_node_id => 'offer')->faults, 'INVALID_NODE /start_node_id',
    'and must be in it');
is_deeply(shown(ask_agent(request_data => { name => 'Own' }))->{variables},
    { name => 'Own' }, 'variables are kept as they were given');
settings(pathway_id => undef, pathway_version => undef,
    start_node_id => undef, request_data => {});

# --- Names that are known mistakes.

for ([ { user_number => undef, phone_number => '+15556110001' },
	'/phone_number', 'user_number' ],
    [ { user_number => undef, to => '+15556110001' }, '/to', 'user_number' ],
    [ { agent_number => undef, from => $parley->number }, '/from',
	'agent_number' ],
    [ { agent_message => undef, message => 'Hello' }, '/message',
	'agent_message' ]) {
	my ($given, $field, $meant) = @$_;
	my $name = substr $field, 1;
	$answer = send_text(user_number => '+15556110001', %$given);
	is($answer->status, 200, "$name is taken for $meant");
	is_deeply($answer->json->{warnings}, [ { field => $field, message =>
	    "$name is not a field of this request; it is taken for $meant"
	    . ' where that is not given' } ], 'with a warning');
	my $made = shown($answer);
	is_deeply([ @$made{qw(user_number agent_number last_message)} ],
	    [ '+15556110001', $parley->number, 'Hello' ], 'and is just that');
}
$answer = $parley->post('/v1/sms/send', { phone_number => '+15556110002',
    from => $parley->number, message => 'Hi' });
is(@{ $answer->json->{warnings} }, 3, 'all of them at once');
is(shown($answer)->{last_message}, 'Hi', 'work as well');
$answer = send_text(user_number => '+15556110003', to => '+15556110004',
    agent_message => 'right', message => 'wrong');
is_deeply([ @{ shown($answer) }{qw(user_number last_message)} ],
    [ '+15556110003', 'right' ], 'the right name wins');
is(send_text(user_number => undef, to => '123')->faults,
    'INVALID_PARAMETER /to', 'a bad value is named as it was given');

# --- No number is given.

$answer = send_text(agent_number => undef);
is($answer->status, 200, "the account's only number is taken");
is(shown($answer)->{agent_number}, $parley->number, 'which it is');
is_deeply([ map { $_->{field} } @{ $answer->json->{warnings} } ],
    [ '/agent_number' ], 'with a warning');
is(send_text(agent_number => undef, channel => 'imessage')->faults,
    'MISSING_REQUIRED_FIELDS /agent_number', 'not where there is none');
my $whatsapp = '+15550003333';
$parley->post('/v1/phone-numbers', { phone_number => $whatsapp,
    carrier_id => $parley->carrier, channels => [ 'whatsapp' ] });
$answer = send_text(agent_number => $whatsapp);
is(shown($answer)->{effective_channel}, 'whatsapp',
    'the channel of a number that has only one is taken');
is(send_text(agent_number => undef)->status, 200,
    'numbers of other channels do not count');
$answer = send_text(agent_number => undef, channel => 'whatsapp');
is($answer->faults, 'MISSING_REQUIRED_FIELDS /agent_number',
    'of several none is taken');
like($answer->errors->[0]{message}, qr/several numbers for WhatsApp/,
    'and it is said why');

# --- A content template of the carrier's.

$answer = send_text(agent_message => undef, content_sid => TEMPLATE,
    content_variables => { 1 => 'Ada' });
is(shown($answer)->{messages}[0]{message}, '[' . TEMPLATE . ' {"1":"Ada"}]',
    'the history shows which template was sent, and with what');
my ($payload) = works($answer->data->{conversation_id}, 'send');
is_deeply([ @{ JSON::PP::decode_json($payload) }{qw(content_sid
    content_variables)} ], [ TEMPLATE, { 1 => 'Ada' } ], 'which the carrier'
    . ' is to be given');
$answer = send_text(agent_message => 'Hello Ada', content_sid => TEMPLATE);
is(shown($answer)->{messages}[0]{message}, 'Hello Ada',
    'or the words that are given for it');

# --- What is refused.

my %types = (user_number => '', agent_number => '', agent_message => '?text',
    channel => '', new_conversation => 'true false', request_data =>
    '?object', pathway_id => '?text', pathway_version =>
    '?text number integer', start_node_id => '?text', objective => '?text',
    webhook => '?', metadata => '?object', disposition_ids => '?array',
    outcome_ids => '?array', citation_schema_ids => '?array',
    time_out => '?number integer', warning_time => '?number integer',
    timeout_message => '?text', warning_message => '?text',
    persona_id => '?text', persona_version => '?text number integer',
    persona_settings => '?object', content_sid => '?text',
    content_variables => '?object');
my %values = (null => undef, true => $true, false => $false, number => 1.5,
    integer => 7, text => 'text', array => [ 'x' ], object => { x => 1 });
sub refused {
	my (%given) = @_;
	return $parley->post('/v1/sms/send', { user_number => '+15556220000',
	    agent_number => $parley->number, agent_message => 'x', %given });
}
my $before = $parley->state;
for my $field (sort keys %types) {
	my %takes = map { $_ => 1 } split ' ', $types{$field} =~ s/\?/null /r;
	my $code = $field eq 'objective' ? 'INVALID_OBJECTIVE' :
	    'INVALID_PARAMETER';
	for my $type (grep { !$takes{$_} } sort keys %values) {
		is(refused($field => $values{$type})->faults,
		    "$code /$field", "$field: $type is refused");
	}
}
my $no_persona = 'PERSONA_NOT_FOUND';
for ([ { user_number => undef }, 'MISSING_REQUIRED_FIELDS /user_number' ],
    (map { [ { user_number => $_ }, 'INVALID_PARAMETER /user_number' ] }
	'', '15550002222', '+1 555', $parley->number),
    (map { [ { agent_message => $_ }, 'INVALID_PARAMETER /agent_message' ] }
	'', " \n", 'x' x 1601, "a\0b"),
    (map { [ { objective => $_ }, 'INVALID_OBJECTIVE /objective' ] }
	'', '  ', 'x' x 20001),
    [ { time_out => 600, warning_time => 600 },
	'INVALID_TIMEOUT_CONFIG /warning_time' ],
    [ { webhook => 'http://example.com/' }, 'INVALID_PARAMETER /webhook' ],
    [ { webhook => 'nowhere' }, 'INVALID_PARAMETER /webhook' ],
    [ { metadata => { a => 'x' x 65536 } }, 'INVALID_PARAMETER /metadata' ],
    [ { request_data => { a => 'x' x 65536 } },
	'INVALID_PARAMETER /request_data' ],
    [ { channel => 'rcs' }, 'INVALID_PARAMETER /channel' ],
    [ { pathway_id => 'p9' }, 'PATHWAY_NOT_FOUND /pathway_id' ],
    [ { pathway_version => '1' }, 'PATHWAY_NOT_FOUND /pathway_id' ],
    [ { start_node_id => 'one' }, 'PATHWAY_NOT_FOUND /pathway_id' ],
    [ { pathway_id => 'p1', pathway_version => 9 },
	'PATHWAY_VERSION_NOT_FOUND /pathway_version' ],
    [ { pathway_id => 'p1', start_node_id => 'one' },
	'INVALID_NODE /start_node_id' ],
    [ { disposition_ids => [ 'o1', 'o9' ] },
	'OUTCOME_NOT_FOUND /disposition_ids/1' ],
    [ { citation_schema_ids => [ 'c9' ] },
	'CITATION_SCHEMA_NOT_FOUND /citation_schema_ids/0' ],
    [ { agent_number => '+15559999999' },
	'INBOUND_NUMBER_NOT_FOUND /agent_number' ],
    [ { channel => 'imessage' }, 'INBOUND_NUMBER_NOT_FOUND /agent_number' ],
    [ { persona_id => 'x' }, "$no_persona /persona_id" ],
    [ { persona_version => 'draft' }, "$no_persona /persona_version" ],
    [ { persona_settings => {} }, "$no_persona /persona_settings" ],
    (map { [ { content_sid => $_ }, 'INVALID_PARAMETER /content_sid' ] }
	'', 'HX1', 'SM' . '0' x 32, 'HX' . 'g' x 32, TEMPLATE . '0'),
    [ { content_variables => { 1 => 'Ada' } },
	'INVALID_PARAMETER /content_variables' ],
    [ { content_sid => TEMPLATE, content_variables => { 1 => 'Ada', 2 => 7,
	3 => undef } }, 'INVALID_PARAMETER /content_variables/2,'
	. ' INVALID_PARAMETER /content_variables/3' ],
    [ { content_sid => TEMPLATE, content_variables => { 1 => 'x' x 4096 } },
	'INVALID_PARAMETER /content_variables' ]) {
	my ($given, $faults) = @$_;
	$answer = send_text(%$given);
	is($answer->faults, $faults, substr(JSON::PP->new->canonical->encode(
	    $given), 0, 50) . ": $faults");
}
is(refused(persona_id => 'x')->status, 404, 'a persona is not found');
is(refused(user_number => 'x', objective => '', time_out => 0)->faults,
    'INVALID_PARAMETER /user_number, INVALID_OBJECTIVE /objective,'
    . ' INVALID_PARAMETER /time_out', 'one answer names every bad field');
is($parley->state, $before, 'and nothing was stored of those');
settings(time_out => 500, warning_time => 100);
is(refused(warning_time => 500)->faults,
    'INVALID_TIMEOUT_CONFIG /warning_time',
    "a warning_time must come before the number's time_out");
settings(time_out => undef, warning_time => undef);

# --- Who said STOP, and where people answer.

%talk = (user_number => new_user());
my $pair = "X'$account', 'sms', '${\ $parley->number}',"
    . " '$talk{user_number}'";
$parley->sql("INSERT INTO opt_out VALUES ($pair, NOW(6))");
for ([ 'words' ], [ 'the agent', agent_message => undef ]) {
	my ($name, @given) = @$_;
	$answer = send_text(%talk, @given);
	is($answer->status, 409, "who opted out is sent nothing: $name");
	is($answer->faults, 'RECIPIENT_OPTED_OUT /user_number', 'it says so');
}
is(send_text(%talk, channel => 'whatsapp')->status, 200,
    'on another channel they did not');
$parley->sql('DELETE FROM opt_out');
is(send_text(%talk)->status, 200, 'and once they want it again');
settings(human_mode => $true);
is(ask_agent()->faults, 'AGENT_IS_SILENT', 'no agent speaks where people do');
is(send_text()->status, 200, 'but words that are given leave');
settings(human_mode => $false);

# --- How long, and how many.

settings(max_segments => 2);
is(send_text(agent_message => 'x' x 306)->status, 200, 'two segments leave');
$answer = send_text(agent_message => 'x' x 307);
is($answer->faults, 'INVALID_PARAMETER /agent_message', 'three do not');
is($answer->errors->[0]{message}, 'agent_message must take at most 2 segments'
    . " (the number's max_segments), not 3", 'and are counted');
settings(max_segments => undef, daily_messages => 2);
%talk = (user_number => new_user());
is(send_text(%talk)->status, 200, 'a message of a day leaves');
is(send_text(%talk, new_conversation => $true)->status, 200, 'and a second');
$parley->create(%talk, sender => 'AGENT');
$answer = send_text(%talk, new_conversation => $true);
is($answer->status, 429, 'but no third, not in a new conversation either');
is($answer->faults, 'DAILY_LIMIT_REACHED', 'for a reason of its own');
ok($answer->header('retry-after') > 86000 && $answer->header('retry-after')
    <= 86401, 'which says when there may be one');
is(ask_agent(%talk)->status, 429, 'nor one that the agent finds');
is(send_text()->status, 200, 'other users do not suffer from it');
$parley->sql("UPDATE message SET status = 'failed' WHERE status = 'pending'"
    . ' LIMIT 100');
is(send_text(%talk)->status, 200, 'what failed does not count');
send_text(%talk);
is(send_text(%talk)->status, 429, 'what is on its way does');
$parley->sql('UPDATE message SET created_at = created_at - INTERVAL 1 DAY');
is(send_text(%talk)->status, 200, 'nor does what is a day old');
settings(daily_messages => undef);

# --- With a worker it reaches the user, and the client is told.

my $receiver = Parley::Receiver->new;
%talk = (user_number => new_user());
settings(webhook => $receiver->url('number'));
$parley->start_worker;
$answer = send_text(%talk, agent_message => 'By the loopback',
    time_out => 600);
$id = $answer->data->{conversation_id};
ok(wait_until(PATIENCE, sub { ($parley->conversation($id)->{messages}[0]
    {status} // '') eq 'delivered' }), 'the message is delivered');
is_deeply([ $parley->rows('SELECT text FROM loopback_message WHERE to_number'
    . " = '$talk{user_number}'") ], [ [ 'By the loopback' ] ], 'once');
is($parley->sql("SELECT COUNT(*) FROM work WHERE kind = 'silence' AND state ="
    . " 'waiting' AND subject_id = " . row($id)), 1,
    'and the clock of silence runs');
my @told;
ok(wait_until(PATIENCE, sub {
	@told = grep { ($_->{document}{conversation_id} // '') eq $id }
	    $receiver->requests;
	@told
}), "the number's webhook is told of it");
send_text(%talk, agent_message => 'To another', metadata => { a => 1 },
    webhook => $receiver->url('own'));
ok(wait_until(PATIENCE, sub {
	@told = grep { ($_->{path} // '') eq '/own' } $receiver->requests;
	@told
}), "the conversation's own webhook wins");
is_deeply($told[0]{document}{metadata}, { a => 1 }, 'and has the metadata');

done_testing;
