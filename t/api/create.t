#!/usr/bin/perl
# POST /v1/sms/create: what it stores and answers.
use v5.30;
use warnings;
use utf8;

use Parley::Test;

my $parley = Parley::Test->new;
my $uuid = qr/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
my $time = qr/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
my $users = 0;

# A user that has no conversation yet.
sub new_user { return sprintf '+1555200%04d', ++$users }

# --- The answer, and what is there afterwards.

my $user = new_user();
my $answer = $parley->create(user_number => $user, message => 'Hello');
is($answer->status, 200, 'a message is stored');
is_deeply([ sort keys %{ $answer->json } ], [ qw(data errors) ],
    'the document has data and errors');
is($answer->errors, undef, 'errors is null');
my $data = $answer->data;
is_deeply([ sort keys %$data ], [ qw(conversation_id message message_id
    workflow_id) ], 'the data says what was made');
is($data->{message}, 'SMS conversation created successfully',
    'in the words that clients know');
like($data->{$_}, $uuid, "$_ is a UUID of version 7")
    for qw(conversation_id message_id workflow_id);

my $conversation = $parley->conversation($data->{conversation_id});
my ($message) = @{ $conversation->{messages} };
is(@{ $conversation->{messages} }, 1, 'there is one message');
like(delete $message->{created_at}, $time, 'which has a time');
is_deeply($message, { id => $data->{message_id}, message => 'Hello',
    text => 'Hello', from => $user, to => $parley->number,
    sender => 'USER', status => undef, error_code => undef,
    message_sid => undef, segments => 1, encoding => 'GSM-7' },
    'the message is that of a user, if it was not said otherwise');
like(delete $conversation->{$_}, $time, "the conversation has $_")
    for qw(created_at updated_at last_message_at);
delete $conversation->{messages};
is_deeply($conversation, { id => $data->{conversation_id},
    user_id => $parley->id, user_number => $user,
    agent_number => $parley->number, is_active => JSON::PP::true,
    status => 'open', effective_channel => 'sms', message_count => 1,
    last_message => 'Hello', disposition_logs => [], map { $_ => undef }
    qw(variables objective current_node_id curr_pathway_id curr_pathway_version
    timed_out_at ended_at time_out timeout_message warning_time
    warning_message pathway_tags summary citation_variables disposition_tag
    human_handoff_at human_handoff_reason human_handoff_metadata metadata)
    }, 'and the conversation has nothing that was not given');

# --- One active conversation for a pair.

my $first = $data;
my $second = $parley->create(user_number => $user, message => 'Again',
    sender => 'AGENT')->data;
is($second->{conversation_id}, $first->{conversation_id},
    'a second message goes into the same conversation');
isnt($second->{message_id}, $first->{message_id}, 'as a message of its own');
$conversation = $parley->conversation($first->{conversation_id});
is($conversation->{message_count}, 2, 'which has two now');
is($conversation->{last_message}, 'Again', 'and a new last one');
is(join(' ', map { $_->{message} } @{ $conversation->{messages} }),
    'Hello Again', 'in their order');
$message = $conversation->{messages}[1];
is_deeply([ @$message{qw(from to sender)} ], [ $parley->number, $user,
    'AGENT' ], 'a message of the agent goes the other way');
isnt($parley->create(user_number => new_user())->data->{conversation_id},
    $first->{conversation_id}, 'another user has another conversation');

my $whatsapp = $parley->create(user_number => $user,
    channel => 'whatsapp')->data->{conversation_id};
isnt($whatsapp, $first->{conversation_id},
    'another channel has another conversation');
is($parley->conversation($whatsapp)->{effective_channel}, 'whatsapp',
    'on that channel');
is($parley->create(user_number => $user, channel => 'sms')->data
    ->{conversation_id}, $first->{conversation_id},
    'sms is the channel when none is said');
is(conversation_count(), 2, 'the number counts its conversations');
is(conversation_count('whatsapp'), 1, 'on each channel by itself');

sub conversation_count {
	my ($channel) = @_;
	my $path = '/v1/sms/numbers' . ($channel ? "?channel=$channel" : '');
	return $parley->get($path)->data->[0]{conversation_count};
}

# --- A new conversation archives the old one.

$parley->create(user_number => $user, sender => 'AGENT', time_out => 600,
    request_data => { a => 1 }, timeout_message => 'Bye');
my $old = $first->{conversation_id};
my $new = $parley->create(user_number => $user, message => 'Anew',
    new_conversation => JSON::PP::true)->data->{conversation_id};
isnt($new, $old, 'new_conversation makes a new one');
$conversation = $parley->conversation($old);
is($conversation->{is_active}, JSON::PP::false, 'the old one is not active');
is($conversation->{status}, 'inactive', 'but archived');
like($conversation->{ended_at}, $time, 'with the time of its end');
$conversation = $parley->conversation($new);
is_deeply([ @$conversation{qw(message_count variables time_out
    timeout_message)} ], [ 1, undef, undef, undef ],
    'and hands nothing down');
is_deeply([ $parley->rows("SELECT kind, state, payload FROM work WHERE"
    . " subject_id = UNHEX(REPLACE('$old', '-', '')) AND state = 'waiting'")
    ], [ [ 'close', 'waiting',
    '{"reason":"a new conversation was asked for"}' ] ],
    'its clock is stopped, and its end is work to do');
is($parley->create(user_number => new_user(),
    new_conversation => JSON::PP::true)->status, 200,
    'new_conversation for a pair that has none');
is($parley->create(user_number => $user, new_conversation =>
    JSON::PP::false)->data->{conversation_id}, $new,
    'new_conversation false is as none');

# --- The clock of silence.

sub clock {
	my ($workflow) = @_;
	my ($row) = $parley->rows(<<~"END");
		SELECT w.kind, w.state, JSON_REMOVE(w.payload, '\$.since'),
		  w.result,
		  ROUND(TIMESTAMPDIFF(MICROSECOND, c.last_message_at, w.due)
		    / 1000000, 3),
		  c.silence_work_id <=> w.id
		FROM work w
		JOIN conversation c ON c.id = w.subject_id
		WHERE w.id = UNHEX(REPLACE('$workflow', '-', ''))
		END
	return $row;
}

$user = new_user();
my %talk = (user_number => $user);
my $workflow = $parley->create(%talk, sender => 'AGENT')->data->{workflow_id};
my $clock = clock($workflow);
is_deeply([ @$clock[0, 1, 3, 5] ], [ 'silence', 'done',
    '{"stopped":"no time_out and no warning_time"}', 0 ],
    'without times there is nothing to watch');
is($parley->get("/v1/workflows/$workflow")->data->{state}, 'done',
    'and the workflow says so');

my $created = $parley->create(%talk, sender => 'AGENT', time_out => 600)
    ->data;
$workflow = $created->{workflow_id};
$clock = clock($workflow);
is_deeply($clock, [ 'silence', 'waiting',
    '{"seq": 2, "stage": "timeout"}', 'NULL', '600.000', 1 ],
    'a message of the agent starts the clock: time_out after it');
my $shown = $parley->get("/v1/workflows/$workflow")->data;
is_deeply([ @$shown{qw(id workflow_id conversation_id kind state attempts
    result)} ], [ $workflow, $workflow, $created->{conversation_id},
    'silence', 'waiting', 0, undef ], 'the workflow can be asked for');

is($parley->create(%talk, sender => 'AGENT', warning_time => 0.5)->data
    ->{workflow_id}, $workflow, 'the next message moves the same clock');
$clock = clock($workflow);
is_deeply([ @$clock[1, 2, 4] ], [ 'waiting',
    '{"seq": 3, "stage": "warning"}', '0.500' ],
    'to the warning, if there is one, and to that message');
is($parley->create(%talk, sender => 'USER')->data->{workflow_id}, $workflow,
    'a message of the user is about the same clock');
$clock = clock($workflow);
is_deeply([ @$clock[1, 3, 5] ], [ 'done',
    '{"stopped":"the user spoke"}', 0 ], 'which it stops');
my $next = $parley->create(%talk, sender => 'AGENT')->data->{workflow_id};
isnt($next, $workflow, 'the agent speaks again, and a new clock starts');
is_deeply([ @{ clock($next) }[1, 2, 4] ], [ 'waiting',
    '{"seq": 5, "stage": "warning"}', '0.500' ], 'with the times that were given before');
$parley->create(%talk, sender => 'AGENT', time_out => undef,
    warning_time => undef);
is($parley->post('/v1/sms/create', { %talk, agent_number => $parley->number,
    message => 'x', sender => 'AGENT', time_out => undef,
    warning_time => undef })->status, 200, 'the times are taken away');
is_deeply([ @{ clock($next) }[1, 3] ], [ 'done',
    '{"stopped":"no time_out and no warning_time"}' ], 'and the clock stops');

$parley->post('/v1/sms/number/update', { phone_number => $parley->number,
    time_out => 90, warning_time => 30 });
$workflow = $parley->create(user_number => new_user(),
    sender => 'AGENT')->data->{workflow_id};
is(clock($workflow)->[4], '30.000', "the number's times hold by themselves");
$workflow = $parley->create(user_number => new_user(), sender => 'AGENT',
    warning_time => 45)->data->{workflow_id};
is(clock($workflow)->[4], '45.000', "the conversation's are over them");
$parley->post('/v1/sms/number/update', { phone_number => $parley->number,
    time_out => undef, warning_time => undef });

# --- Overrides stay until they are replaced, and null clears them.

%talk = (user_number => new_user());
my %own = (time_out => 600, warning_time => 300.25, timeout_message => 'Bye',
    warning_message => 'Still there?');
my $id = $parley->create(%talk, %own)->data->{conversation_id};
sub own { my $c = $parley->conversation($id); return { %$c{keys %own} } }
is_deeply(own(), \%own, 'the overrides are those of the conversation');
$parley->create(%talk);
is_deeply(own(), \%own, 'they stay when nothing is said of them');
$parley->create(%talk, timeout_message => 'Farewell');
is_deeply(own(), { %own, timeout_message => 'Farewell' },
    'one that is given replaces only itself');
for my $name (sort keys %own) {
	$parley->post('/v1/sms/create', { %talk, agent_number =>
	    $parley->number, message => 'x', $name => undef });
	is(own()->{$name}, undef, "null clears $name");
}
is_deeply(own(), { map { $_ => undef } keys %own }, 'until there is none');

# --- A carrier's id that is known.

%talk = (user_number => new_user(), message_sid => 'SM0123');
my $once = $parley->create(%talk, message => 'One')->data;
my $before = $parley->state;
is_deeply($parley->create(%talk, message => 'One')->data, $once,
    'a message_sid that is known answers as the first time');
is_deeply($parley->create(user_number => new_user(), message => 'Other',
    message_sid => 'SM0123', sender => 'AGENT', time_out => 5,
    new_conversation => JSON::PP::true)->data, $once,
    'whatever else is said');
is($parley->state, $before, 'and stores nothing');
is($parley->conversation($once->{conversation_id})
    ->{messages}[0]{message_sid}, 'SM0123', 'it is shown');
my $other = $parley->another_account;
isnt($other->create(message_sid => 'SM0123')->data->{conversation_id},
    $once->{conversation_id}, 'another account has its own');
is($parley->create(user_number => new_user(), message_sid => 's' x 64)
    ->status, 200, '64 characters are taken');

# --- Variables.

%talk = (user_number => new_user());
$id = $parley->create(%talk, request_data => { a => 1, b => { x => [ 1, {} ]
    }, 'ключ' => "\x{1f600}" })->data->{conversation_id};
sub variables { return $parley->conversation($id)->{variables} }
is_deeply(variables(), { a => 1, b => { x => [ 1, {} ] },
    'ключ' => "\x{1f600}" }, 'request_data is kept');
$parley->create(%talk, request_data => { b => 2, c => undef });
is_deeply(variables(), { a => 1, b => 2, c => undef,
    'ключ' => "\x{1f600}" }, 'what is given later goes over it');
$parley->create(%talk);
$parley->create(%talk, request_data => {});
is(variables()->{b}, 2, 'nothing given takes nothing away');
$id = $parley->create(user_number => new_user(), request_data => {})
    ->data->{conversation_id};
is_deeply(variables(), {}, 'an empty object is kept');
my $big = $parley->post('/v1/sms/create', '{"user_number":"' . new_user()
    . '","agent_number":"' . $parley->number . '","message":"x",'
    . '"request_data":{"n":12345678901234567890,"f":0.1,"e":1e2}}')->data;
like($parley->get("/v1/sms/conversations/$big->{conversation_id}")->content,
    qr/"variables":\{"n":12345678901234567890,"f":0\.1,"e":(?:1e2|100)/,
    'numbers keep their digits');

# --- Where the conversation is in a pathway.

my $graph = '{"nodes":[{"id":"start"},{"id":"a\\\\"b"}]}';
my $account = $parley->id =~ s/-//gr;
$parley->sql(<<~"END");
	INSERT INTO pathway (account_id, id, name, production_version,
	    staging_version, created_at) VALUES
	  (X'$account', 'p1', 'One', 2, 3, NOW(6)),
	  (X'$account', 'fresh', 'Fresh', NULL, NULL, NOW(6)),
	  (X'${\ ($other->id =~ s/-//gr)}', 'theirs', 'x', NULL, NULL, NOW(6));
	INSERT INTO pathway_version (account_id, pathway_id, number, name,
	    document, created_at) VALUES
	  (X'$account', 'p1', 0, NULL, '{"nodes":[{"id":"draft"}]}', NOW(6)),
	  (X'$account', 'p1', 1, 'v1.0', '{"nodes":[{"id":"one"}]}', NOW(6)),
	  (X'$account', 'p1', 2, 'v2.0', '$graph', NOW(6)),
	  (X'$account', 'p1', 3, NULL, '{"nodes":[{"id":"three"}]}', NOW(6));
	END

my %path = (curr_pathway_id => 'p1');
for ([ 'a pathway alone', {} ], [ 'its production version',
	{ curr_pathway_version => 'production', current_node_id => 'start' } ],
    [ 'a node of that without saying so', { current_node_id => 'start' } ],
    [ 'staging', { curr_pathway_version => 'staging',
	current_node_id => 'three' } ],
    [ 'latest', { curr_pathway_version => 'latest',
	current_node_id => 'three' } ],
    [ 'the draft', { curr_pathway_version => 'draft',
	current_node_id => 'draft' } ],
    [ 'a version by its name', { curr_pathway_version => 'v1.0',
	current_node_id => 'one' } ],
    [ 'a version by its number as text', { curr_pathway_version => '1',
	current_node_id => 'one' } ],
    [ 'a version by its number', { curr_pathway_version => 1,
	current_node_id => 'one' } ],
    [ 'a pathway without versions', { curr_pathway_id => 'fresh' } ]) {
	my ($name, $position) = @$_;
	my $answer = $parley->create(user_number => new_user(), %path,
	    %$position);
	is($answer->status, 200, "$name is found") or next;
	my $made = $parley->conversation($answer->data->{conversation_id});
	my %wanted = (curr_pathway_id => 'p1', curr_pathway_version => undef,
	    current_node_id => undef, %$position);
	is_deeply({ %$made{keys %wanted} }, \%wanted, "$name is kept");
}

$before = $parley->state;
my $nowhere = 'PATHWAY_NOT_FOUND /curr_pathway_id';
my $no_version = 'PATHWAY_VERSION_NOT_FOUND /curr_pathway_version';
my $no_node = 'INVALID_NODE /current_node_id';
for ([ 'an unknown pathway', { curr_pathway_id => 'p2' }, 404, $nowhere ],
    [ "another account's", { curr_pathway_id => 'theirs' }, 404, $nowhere ],
    [ 'a pathway in another case', { curr_pathway_id => 'P1' }, 404,
	$nowhere ],
    [ 'a node without a pathway', { curr_pathway_id => undef,
	current_node_id => 'start' }, 404, $nowhere ],
    [ 'a version without a pathway', { curr_pathway_id => undef,
	curr_pathway_version => '1' }, 404, $nowhere ],
    [ 'an unknown number of a version', { curr_pathway_version => '9' },
	404, $no_version ],
    [ 'an unknown name of a version', { curr_pathway_version => 'v3' },
	404, $no_version ],
    [ 'production where there is none', { curr_pathway_id => 'fresh',
	curr_pathway_version => 'production' }, 404, $no_version ],
    [ 'a node where there is no version', { curr_pathway_id => 'fresh',
	current_node_id => 'start' }, 404, $no_version ],
    [ 'an unknown node', { current_node_id => 'one' }, 400, $no_node ],
    [ 'a node of another version', { curr_pathway_version => '1',
	current_node_id => 'start' }, 400, $no_node ]) {
	my ($name, $position, $status, $faults) = @$_;
	my $answer = $parley->create(user_number => new_user(), %path,
	    %$position);
	is($answer->status, $status, "$name: $status");
	is($answer->faults, $faults, "$name: $faults");
}
is($parley->state, $before, 'and nothing was stored of those');

%talk = (user_number => new_user());
$id = $parley->create(%talk, %path, current_node_id => 'start')
    ->data->{conversation_id};
sub position {
	my $made = $parley->conversation($id);
	return join ' ', map { $_ // '-' } @$made{qw(curr_pathway_id
	    curr_pathway_version current_node_id)};
}
$parley->create(%talk);
is(position(), 'p1 - start', 'the position stays');
$parley->create(%talk, current_node_id => 'a"b');
is(position(), 'p1 - a"b', 'a node alone moves it within its pathway');
is($parley->create(%talk, current_node_id => 'one')->faults, $no_node,
    'but not out of it');
$parley->create(%talk, curr_pathway_id => 'fresh');
is(position(), 'fresh - -', 'another pathway takes the node away');

# --- Numbers that are not there.

$before = $parley->state;
for ([ 'an unknown number', agent_number => '+15559999999' ],
    [ "another account's", agent_number => $other->number ],
    [ 'one that is not on the channel', channel => 'imessage' ]) {
	my ($name, @given) = @$_;
	my $answer = $parley->create(@given);
	is($answer->status, 404, "$name: 404");
	is($answer->faults, 'INBOUND_NUMBER_NOT_FOUND /agent_number',
	    "$name: it is named");
}
is($parley->state, $before, 'and nothing was stored of those');

# --- Texts are kept byte for byte.

for my $text ("two\nlines\r\n\tand a tab  ", ' spaces around ',
    "\x{5e9}\x{5dc}\x{5d5}\x{5dd} \x{200f}\x{202e}RTL\x{202c}",
    "e\x{301} and \x{e9}", "\x{1f469}\x{200d}\x{1f469}\x{200d}\x{1f467}",
    "\x{feff}mark", "\x{10ffff}\x{fffd}", '{{variable}} \\ " \' / <b>&amp;',
    '<Call Connected>', "'; DROP TABLE message; --", '%s%n', "a\x{2028}",
    '0', "\x{1f600}" x 1600, 'x' x 1600) {
	my $made = $parley->create(user_number => new_user(),
	    message => $text)->data;
	my $name = substr($text, 0, 12) =~ s/([^ -~])/sprintf '\\x{%x}',
	    ord $1/ger;
	ok(defined $made, "$name is taken") or next;
	my ($row) = $parley->rows('SELECT HEX(text) FROM message WHERE id ='
	    . " UNHEX(REPLACE('$made->{message_id}', '-', ''))");
	utf8::encode(my $bytes = $text);
	is($row->[0], uc unpack('H*', $bytes),
	    "$name is stored as it was sent");
	is($parley->conversation($made->{conversation_id})
	    ->{messages}[0]{message}, $text, "$name is shown so");
}
for ([ 'a' x 160, 1, 'GSM-7' ], [ 'a' x 161, 2, 'GSM-7' ],
    [ '€' x 80, 1, 'GSM-7' ], [ '€' x 81, 2, 'GSM-7' ],
    [ 'я' x 70, 1, 'UCS-2' ], [ 'я' x 71, 2, 'UCS-2' ],
    [ "\x{1f600}" x 35, 1, 'UCS-2' ], [ "\x{1f600}" x 36, 2, 'UCS-2' ]) {
	my ($text, $segments, $encoding) = @$_;
	my $made = $parley->create(user_number => new_user(),
	    message => $text)->data;
	my $shown = $parley->conversation($made->{conversation_id})
	    ->{messages}[0];
	is("$shown->{segments} $shown->{encoding}", "$segments $encoding",
	    length($text) . ' characters, the first U+'
	    . sprintf('%04X', ord $text) . ": $segments $encoding");
}

done_testing;
