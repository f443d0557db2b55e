#!/usr/bin/perl
# Conversations in rooms of LiveKit: its own library reads the tokens, and
# signs what its server tells.
use v5.30;
use warnings;

use JSON::PP ();
use Parley::Node qw(ask);
use Parley::Test;
use Time::HiRes qw(time);

use constant {
	PATIENCE => 30,
	HOOK => '/v1/hooks/livekit',
	KEY => 'APIparley',
	SECRET => 'secret-of-the-server-0123456789abcdef',
	THEIRS => 'secret-of-another-server-0123456789',
	NOBODY => '0190b0a0-0000-7000-8000-000000000001',
};

my $parley = Parley::Test->new;
my $stranger = $parley->another_account;
my $json = JSON::PP->new->utf8->canonical;
my $uuid = qr/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/;

sub livekit { return ask('livekit.mjs', { key => KEY, secret => SECRET, @_ }) }

sub carrier {
	my ($who, $key, $secret) = @_;
	return $who->post('/v1/carriers', { kind => 'livekit', name => 'Rooms',
	    api_key => $key, api_secret => $secret,
	    base_url => 'https://rooms.example.test' })->status;
}

my $rooms = 0;

# POST /v1/conversations
sub begin {
	my ($who, %body) = @_;
	return $who->post('/v1/conversations', { channel => 'webrtc',
	    user_id => 'ann', agent_config => { channel_properties => {
		webrtc => { agent_name => 'helper' } } }, %body });
}

# A conversation that is where another would have to be brought to.
sub room {
	my ($who, %of) = @_;
	my %column = (channel => 'webrtc', user_key => 'ann', agent_key => '',
	    status => 'open', progress => 'token_created', last_seq => 0,
	    cleared_seq => 0, message_count => 0, %of);
	my $id = sprintf '0190b0a0-0000-7000-8000-%012x', ++$rooms + 16;
	my @names = sort keys %column;
	$parley->sql('INSERT INTO conversation (account_id, id, created_at,'
	    . ' updated_at, ' . join(', ', @names) . ') VALUES ('
	    . join(', ', binary($who->id), binary($id), 'UTC_TIMESTAMP(6)',
		'UTC_TIMESTAMP(6)', map { "'$column{$_}'" } @names) . ')');
	return $id;
}

sub binary { return "UNHEX('" . ($_[0] =~ s/-//gr) . "')" }

# What is known of it: progress, status, and whether somebody was there.
sub at {
	my ($id) = @_;
	return join ' ', @{ ($parley->rows('SELECT progress, status,'
	    . ' answered_at IS NOT NULL FROM conversation WHERE id = '
	    . binary($id)))[0] };
}

# What its last clock strikes for, whether it runs, and in how many seconds.
sub clock {
	my ($id) = @_;
	return join ' ', @{ ($parley->rows("SELECT JSON_VALUE(payload,"
	    . " '\$.stage'), state, TIMESTAMPDIFF(SECOND, UTC_TIMESTAMP(6), due)"
	    . " FROM work WHERE kind = 'silence' AND subject_id = "
	    . binary($id) . ' ORDER BY id DESC LIMIT 1'))[0] // [] };
}

# The clock strikes.
sub strike {
	my ($id) = @_;
	$parley->sql("UPDATE work SET due = UTC_TIMESTAMP(6) WHERE kind ="
	    . " 'silence' AND state = 'waiting' AND subject_id = "
	    . binary($id));
	my $worker = $parley->start_worker;
	wait_until(PATIENCE, sub { at($id) !~ / open / }) or
	    diag($worker->log);
	$worker->stop;
}

sub listen_to {
	my ($who, $id) = @_;
	return $who->post("/v1/conversations/$id/listener-token");
}

# An event as the server sends it.
sub event {
	my ($id, $event, %of) = @_;
	return { event => $event, id => 'EV_' . ++$rooms,
	    createdAt => sprintf('%d', time), room => { sid => 'RM_1',
		name => "conversation-$id", emptyTimeout => 300 },
	    $of{who} ? (participant => { sid => 'PA_1', identity => $of{who},
		state => 'ACTIVE', $of{why} ? (disconnectReason => $of{why}) :
		() }) : () };
}

# Tells of it; options: type, and authorization in place of what is right.
sub told {
	my ($event, %of) = @_;
	my $body = ref $event ? $json->encode($event) : $event;
	my $authorization = exists $of{authorization} ? $of{authorization} :
	    livekit(do => 'sign', body => $of{signed} // $body, ttl => 300,
		%{ $of{as} // {} });
	return $parley->post(HOOK, $body, { authorization => $authorization,
	    'content-type' => $of{type} // 'application/webhook+json' });
}

# --- Without a server.

my $talk = room($parley, progress => 'in_progress');
my $before = $parley->state;
for my $answer (listen_to($parley, $talk), begin($parley)) {
	is($answer->status . ' ' . $answer->faults,
	    '409 LIVEKIT_NOT_CONFIGURED', 'without a server there is no room');
	like($answer->json->{detail}, qr{POST /v1/carriers},
	    'and what to do is said');
}
is($parley->state, $before, 'nothing comes of it');
is(carrier($parley, KEY, SECRET), 201, 'there is one');
is(carrier($stranger, 'APItheirs', THEIRS), 201,
    'and one of another account');

# --- A conversation begins.

my ($no, $yes) = (JSON::PP::false, JSON::PP::true);
my $asked = time;
my $answer = begin($parley, initial_context => 'nothing for the browser',
    custom_metadata => { secret => 'neither' });
is($answer->status, 200, 'a conversation begins');
my $room = $answer->json;
my $id = $room->{conversation}{id};
is("$room->{conversation}{channel} $room->{conversation}{status}"
    . " $room->{conversation}{user_id}", 'webrtc token_created ann',
    'which nobody has joined yet');
is($room->{url}, 'wss://rooms.example.test', 'at the server');
is($room->{room_name}, "conversation-$id", 'in a room of its own');
my $claims = livekit(do => 'verify', token => $room->{token});
is_deeply([ @$claims{qw(iss sub name)} ], [ KEY, 'ann', 'ann' ],
    "LiveKit's library verifies the user's token");
is_deeply($claims->{video}, { room => "conversation-$id", roomJoin => $yes,
    hidden => $no, canSubscribe => $yes, canPublish => $yes,
    canPublishData => $yes }, 'with which they hear and speak');
my $about = $json->encode({ conversation_id => $id });
is_deeply($claims->{roomConfig}, { agents => [ { agentName => 'helper',
    metadata => $about } ] }, 'and which brings the agent');
is($claims->{metadata}, $about, 'who is in the room learns no more than that');
ok(abs($claims->{exp} - $asked - 600) < 60, 'it is good for ten minutes');
is(at($id), 'token_created open 0', 'which is stored');

my $again = begin($parley, id => $id, user_id => 'bob');
is($again->status, 200, 'the same again');
is_deeply($again->json->{conversation}, $room->{conversation},
    'is the conversation as it is');
my $fresh = livekit(do => 'verify', token => $again->json->{token});
is($fresh->{sub}, 'ann', 'with a token for the same user');
ok($fresh->{exp} >= $claims->{exp} && $fresh->{video}{room} eq
    $room->{room_name}, 'that is fresh, into the same room');
is_deeply($fresh->{roomConfig}, $claims->{roomConfig}, 'and the same agent');
is($parley->sql("SELECT COUNT(*) FROM work WHERE kind = 'silence' AND"
    . ' subject_id = ' . binary($id)), 1, 'its time begins anew, once');
ok(!exists livekit(do => 'verify', token => begin($parley, agent_config => {})
    ->json->{token})->{roomConfig}, 'without a name no agent is called');
is(begin($parley, user_id => '')->status, 422, 'somebody has to join');
is($parley->post("/v1/conversations/$id/messages", { text => 'Hi' })->faults,
    'CHANNEL_NOT_TEXT', 'what is said is said in the room');

# --- Who listens.

$asked = time;
$answer = listen_to($parley, $talk);
is($answer->status, 200, 'a conversation that goes on can be listened to');
$room = $answer->json;
is_deeply([ sort keys %$room ], [ qw(expires_at room_name token url) ],
    'by what its clients need');
is($room->{url}, 'wss://rooms.example.test', 'at the server');
is($room->{room_name}, "conversation-$talk", 'in its room');
$claims = livekit(do => 'verify', token => $room->{token});
is($claims->{iss}, KEY, "LiveKit's library verifies the token");
like($claims->{sub}, qr/\Alistener-$uuid\z/, 'of a listener');
is_deeply($claims->{video}, { room => "conversation-$talk", roomJoin => $yes,
    hidden => $yes, canSubscribe => $yes, canPublish => $no,
    canPublishData => $no }, 'who is hidden and says nothing');
is($json->decode($claims->{metadata})->{conversation_id}, $talk,
    'and is told of which conversation it is');
ok(!exists $claims->{roomConfig}, 'no agent is called for them');
ok(abs($claims->{exp} - $asked - 600) < 60, 'within ten minutes');
like($room->{expires_at}, qr/\.000Z\z/, 'which is said to the second');
isnt(livekit(do => 'verify', token => listen_to($parley, $talk)->json->{token})
    ->{sub}, $claims->{sub}, 'another listener is somebody else');
ok(livekit(do => 'verify', token => $room->{token}, secret => THEIRS)
    ->{error}, 'another secret does not verify it');
is($parley->post("/core/conversations/$talk/listener-token")->status, 200,
    '/core/ is as good');
for (qw(conversations:read_sensitive conversations:manage)) {
	is(listen_to($parley->with_scopes($_), $talk)->status, 200,
	    "$_ is enough");
}
is(listen_to($parley->with_scopes('conversations:read'), $talk)->status, 403,
    'and conversations:read is not');
for (NOBODY, 'x') {
	is(listen_to($parley, $_)->faults, 'CONVERSATION_NOT_FOUND',
	    "$_ is no conversation");
}
is(listen_to($stranger, $talk)->faults, 'CONVERSATION_NOT_FOUND',
    "another account's is not found");
$answer = listen_to($parley, room($parley, channel => 'text',
    progress => 'in_progress'));
is($answer->status . ' ' . $answer->faults, '404 ROOM_NOT_FOUND',
    'a conversation on text has no room');
for (qw(token_created completed failed unanswered)) {
	my $status = $_ eq 'token_created' ? 'open' : 'ended';
	$answer = listen_to($parley, room($parley, progress => $_,
	    status => $status));
	is($answer->status . ' ' . $answer->faults,
	    '409 CONVERSATION_NOT_ACTIVE', "one that is $_ is not active");
}

# --- The user comes and goes.

$talk = begin($parley)->json->{conversation}{id};
my $joined = event($talk, 'participant_joined', who => 'ann');
is(livekit(do => 'receive', body => $json->encode($joined), authorization =>
    livekit(do => 'sign', body => $json->encode($joined), ttl => 300))
    ->{event}, 'participant_joined',
    "LiveKit's library takes what this test sends");
for ([ room_started => undef ], [ participant_joined => 'agent-AJ_1' ],
    [ participant_joined => 'listener-1' ],
    [ participant_connection_aborted => 'ann' ], [ track_published => 'ann' ],
    [ novelty => 'ann' ]) {
	my ($event, $who) = @$_;
	$answer = told(event($talk, $event, who => $who));
	is($answer->status . ' ' . $answer->content, '200 {"status":"ok"}',
	    "$event is taken");
	is(at($talk), 'token_created open 0', 'and changes nothing');
}
is(told($joined)->status, 200, 'the user joins');
is(at($talk), 'in_progress open 1', 'and the conversation goes on');
$before = $parley->state;
is(told($joined)->status, 200, 'that comes again');
is($parley->state, $before, 'and changes nothing');
is(listen_to($parley, $talk)->status, 200, 'now it can be listened to');
for ([ participant_left => 'agent-AJ_1' ],
    [ participant_left => 'listener-1' ],
    [ participant_left => 'ann', 'DUPLICATE_IDENTITY' ],
    [ participant_connection_aborted => 'ann' ]) {
	my ($event, $who, $why) = @$_;
	is(told(event($talk, $event, who => $who, why => $why))->status, 200,
	    "$event of $who is taken");
	is(at($talk), 'in_progress open 1', 'and it goes on');
}
my $left = event($talk, 'participant_left', who => 'ann',
    why => 'CLIENT_INITIATED');
is(told($left)->status, 200, 'the user leaves');
is(at($talk), 'in_progress open 1', 'and may come back');
like(clock($talk), qr/^left waiting 1?\d$/, 'within 20 seconds');
$before = $parley->state;
told($left);
is($parley->state, $before, 'that comes again, and sets no later end');
told({ %$joined, createdAt => $joined->{createdAt} - 60 });
is($parley->state, $before, 'nor does it matter that they came before');
ok(exists begin($parley, id => $talk)->json->{token}, 'a page that is loaded'
    . ' again is given the way into the room');
is(told(event($talk, 'participant_joined', who => 'ann'))->status, 200,
    'they come back');
like(clock($talk), qr/^left done /, 'and are not waited for any more');
is(at($talk), 'in_progress open 1', 'it goes on');
told($left);
strike($talk);
is(at($talk), 'completed ended 1', 'who does not come back has ended it');
is($parley->sql('SELECT ' . join(' + ', map { "(SELECT COUNT(*) FROM $_"
    . " WHERE kind = 'close' AND subject_id = " . binary($talk) . ')' }
    qw(work work_done))), 1, 'with what follows an end');
$before = $parley->state;
for ($left, $joined, event($talk, 'room_finished')) {
	is(told($_)->status, 200, "$_->{event} after the end is taken");
}
is($parley->state, $before, 'and changes nothing');
$again = begin($parley, id => $talk);
is($again->status . ' ' . $again->json->{conversation}{status},
    '200 completed', 'the same again is what came of it');
ok(!exists $again->json->{token}, 'and no way into its room');

$talk = room($parley);
told(event($talk, 'participant_left', who => 'ann'));
is(at($talk), 'token_created open 0', 'one may leave before they are known to'
    . ' have come');
$joined = event($talk, 'participant_joined', who => 'ann');
told({ %$joined, createdAt => $joined->{createdAt} - 60 });
is(at($talk), 'in_progress open 1', 'it is heard later that they were there');
strike($talk);
is(at($talk), 'completed ended 1', 'and they are gone all the same');
told($joined);
is(at($talk), 'completed ended 1', 'what comes then is too late');
$talk = room($parley, progress => 'in_progress');
told(event($talk, 'participant_left', who => 'ann'));
told(event($talk, 'room_finished'));
is(at($talk), 'completed ended 0', 'nobody comes back into a room that is'
    . ' closed');
like(clock($talk), qr/^left done /, 'and nobody is waited for');
$talk = room($parley, progress => 'in_progress');
told(event($talk, 'room_finished'));
is(at($talk), 'completed ended 0', 'a room that is closed ends it');
$talk = room($parley);
told({ %{ event($talk, 'room_finished') }, createdAt => 1700000000 });
is(at($talk), 'unanswered ended 0', 'and one where the user never was');

# --- Who may tell.

$talk = room($parley);
$joined = event($talk, 'participant_joined', who => 'ann');
my $body = $json->encode($joined);
my $good = livekit(do => 'sign', body => $body, ttl => 300);
$before = $parley->state;
for ([ 'none' => authorization => undef ],
    [ 'an empty one' => authorization => '' ],
    [ 'a key of ours' => authorization => $parley->key ],
    [ 'one behind Bearer' => authorization => "Bearer $good" ],
    [ 'one cut short' => authorization => substr $good, 0, -1 ],
    [ 'one of another body' => signed => "$body " ],
    [ 'one by another secret' => as => { secret => THEIRS } ],
    [ 'one of a key that is not known' => as => { key => 'APInone' } ],
    [ "one of another account's key" => as => { key => 'APItheirs' } ],
    [ 'one that has expired' => as => { ttl => -120 } ],
    [ 'one without an algorithm' => authorization => join '.',
	'eyJhbGciOiJub25lIn0', (split /\./, $good)[1], '' ]) {
	my ($what, %of) = @$_;
	$answer = told($joined, %of);
	is($answer->status . ' ' . $answer->faults, '403 FORBIDDEN',
	    "an authorization, $what: refused");
}
is(told($joined, as => { key => 'APItheirs', secret => THEIRS })->status, 200,
    'what another account signs');
is($parley->state, $before, 'is not about our rooms');
my $theirs = room($stranger);
told(event($theirs, 'participant_joined', who => 'ann'));
is(at($theirs), 'token_created open 0', 'nor is ours about theirs');
told(event($theirs, 'participant_joined', who => 'ann'),
    as => { key => 'APItheirs', secret => THEIRS });
is(at($theirs), 'in_progress open 1', 'but theirs is');

# --- What is not such an event.

$before = $parley->state;
for ({ event => 'room_started' }, { event => 'room_started', room => undef },
    { event => 'room_finished', room => { name => 'another' } },
    event(NOBODY, 'room_finished'), event('x', 'room_finished')) {
	is(told($_)->status, 200, 'one of no room of ours is taken');
}
is(told({})->faults, 'MISSING_REQUIRED_FIELDS /event', 'without its name');
is(told({ event => 1 })->faults, 'INVALID_PARAMETER /event', 'or an odd one');
is(told('{"event"')->faults, 'INVALID_JSON', 'what is no JSON is refused');
is(told($joined, type => 'text/plain')->faults, 'UNSUPPORTED_MEDIA_TYPE',
    'as is another type');
is($parley->get(HOOK)->status, 405, 'it is only posted');
is($parley->state, $before, 'nothing comes of those');
is(told($joined, type => 'application/json')->status, 200,
    'JSON by its own type is fine');
is(at($talk), 'in_progress open 1', 'and counts');

# --- All at once.

$talk = room($parley);
my @events = map { event($talk, @$_) } ([ 'participant_joined', who => 'ann' ],
    [ 'participant_left', who => 'ann' ], [ 'room_finished' ]);
my @signed = map { [ $json->encode($_), livekit(do => 'sign', ttl => 300,
    body => $json->encode($_)) ] } @events, @events;
my @children;
for (@signed) {
	my ($content, $authorization) = @$_;
	my $child = fork // die "fork: $!";
	if ($child == 0) {
		my $status = eval { told($content, authorization =>
		    $authorization)->status } // 0;
		require POSIX;
		POSIX::_exit($status == 200 ? 0 : 1);
	}
	push @children, $child;
}
my $failed = grep { waitpid $_, 0; $? } @children;
is($failed, 0, 'events that come at once are all taken');
like(at($talk), qr/\A(?:completed|unanswered) ended [01]\z/,
    'and it has ended');
is($parley->sql("SELECT COUNT(*) FROM work WHERE kind = 'close' AND"
    . ' subject_id = ' . binary($talk)), 1, 'once');

done_testing;
