#!/usr/bin/perl
# /v1/sms/numbers and the routes that change what a number does.
use v5.30;
use warnings;
use utf8;

use JSON::PP ();
use Parley::Test;

my $parley = Parley::Test->new(environment =>
    { PARLEY_NET_ALLOW => '127.0.0.0/8, 10.1.2.3' });
my $stranger = $parley->another_account;
my $account = $parley->id =~ s/-//gr;
my $foreign = $stranger->id =~ s/-//gr;
my ($true, $false) = (JSON::PP::true, JSON::PP::false);
my $graph = '{"nodes":[{"id":"start"}]}';
$parley->sql(<<~"END");
	INSERT INTO pathway (account_id, id, name, production_version,
	    staging_version, created_at) VALUES
	  (X'$account', 'p1', 'One', 1, NULL, NOW(6)),
	  (X'$foreign', 'theirs', 'One', 1, NULL, NOW(6));
	INSERT INTO pathway_version (account_id, pathway_id, number, name,
	    document, created_at) VALUES
	  (X'$account', 'p1', 1, 'v1', '$graph', NOW(6));
	INSERT INTO tool VALUES (X'$account', 'TL-1', 'lookup', '{}', NOW(6)),
	  (X'$foreign', 'TL-2', 'theirs', '{}', NOW(6));
	INSERT INTO outcome VALUES (X'$account', 'o1', 'sold', '{}', NOW(6)),
	  (X'$foreign', 'o2', 'theirs', '{}', NOW(6));
	INSERT INTO citation_schema VALUES
	  (X'$account', 'c1', 'intake', '{}', NOW(6)),
	  (X'$foreign', 'c2', 'theirs', '{}', NOW(6));
	END

sub update {
	my (%given) = @_;
	return $parley->post('/v1/sms/number/update',
	    { phone_number => $parley->number, %given });
}

sub config {
	my ($channel) = @_;
	my $path = '/v1/sms/numbers' . ($channel ? "?channel=$channel" : '');
	return $parley->get($path)->data->[0]{sms_config};
}

# --- What a number starts with.

my %initial = (
	webhook => undef,
	request_data => [],
	time_out => undef,
	timeout_action => undef,
	timeout_message => undef,
	warning_time => undef,
	warning_message => undef,
	messaging_service_sid => undef,
	objective => 'Chat with the user',
	tools => [],
	temperature => 0,
	pathway_id => undef,
	pathway_version => undef,
	start_node_id => undef,
	restart_after_end_call => $true,
	timezone => undef,
	summary_prompt => undef,
	disposition_ids => undef,
	citation_schema_ids => undef,
	ignore_keywords => undef,
	debounce => 1,
	debounce_max => 10,
	quiet_hours => undef,
	max_segments => undef,
	help_message => undef,
	human_mode => $false,
	sends_per_second => undef,
	daily_messages => undef,
	loop_guard => 20,
);
my $list = $parley->get('/v1/sms/numbers');
is($list->status, 200, 'numbers are listed');
is_deeply($list->json, { errors => undef, data => [ { phone_number =>
    $parley->number, sms_config => \%initial, conversation_count => 0 } ] },
    'a new one with the values that all start with');
my $answer = update();
is_deeply($answer->json, { errors => undef, data => { message =>
    'SMS config updated for number ' . $parley->number,
    sms_config => \%initial } },
    'an update that gives nothing changes nothing and shows all of it');

# --- Each field: what it takes, alone, and that the rest stays.

my %takes = (
	webhook => [ 'https://hooks.example.test/sms?a=b',
	    'http://127.0.0.1:8080/x', 'http://10.1.2.3/', undef ],
	request_data => [ { a => { b => [ 1, undef ] } }, [ 1 ], {}, [] ],
	time_out => [ 0.5, 1, 2592000, undef, 900 ],
	timeout_action => [ 'send_sms', 'end', undef ],
	timeout_message => [ 'Bye', "\x{1f600}" x 1600, undef ],
	warning_time => [ 0.001, 600, undef, 300 ],
	warning_message => [ "Noch da?\n", undef ],
	messaging_service_sid => [ 'MG0123', undef ],
	objective => [ '', 'x' x 20000, undef, 'Sell' ],
	tools => [ [ 'TL-1' ], [ 'lookup' ], [ { name => 'inline',
	    url => 'x' } ], [ 'TL-1', { a => 1 } ], [] ],
	temperature => [ 0, 0.7, 2, 1 ],
	pathway_id => [ 'p1', undef, 'p1' ],
	pathway_version => [ 'v1', '1', 'latest', 'production' ],
	start_node_id => [ 'start', undef ],
	restart_after_end_call => [ $false, $true ],
	timezone => [ 'Europe/Berlin', 'America/New_York', 'UTC', undef ],
	summary_prompt => [ 'Sum up', '', undef ],
	disposition_ids => [ [ 'o1' ], [], undef ],
	citation_schema_ids => [ [ 'c1' ], [ 'intake' ], undef ],
	ignore_keywords => [ [ 'STOP', 'ключ' ], [], undef ],
	debounce => [ 0, 2.5, 60 ],
	debounce_max => [ 0, 60 ],
	quiet_hours => [ '21:00-08:00', '00:00-23:59', undef ],
	max_segments => [ 1, 50, undef ],
	help_message => [ 'Call us', undef ],
	human_mode => [ $true, $false ],
	sends_per_second => [ 0.5, 1000, undef ],
	daily_messages => [ 1, 10000, undef ],
	loop_guard => [ 1, 1000, undef ],
);
is_deeply([ sort keys %takes ], [ sort keys %initial ],
    'every field is tried');
my %now = %initial;
# A pathway comes before its version and node.
for my $field (sort keys %takes) {
	for my $value (@{ $takes{$field} }) {
		my $answer = update($field => $value);
		my $name = "$field: " . short($value);
		is($answer->status, 200, "$name is taken")
		    or diag $answer->content;
		$now{$field} = $value;
		is_deeply($answer->data->{sms_config}, \%now,
		    "$name is shown, and the rest is as it was");
	}
	is_deeply(config(), \%now, "$field is stored");
}

sub short {
	my ($value) = @_;
	my $text = JSON::PP->new->ascii->canonical->allow_nonref
	    ->encode($value);
	return length $text > 40 ? substr($text, 0, 40) . '...' : $text;
}

# --- Other names for two of them.

$answer = update(prompt => 'By another name');
is($answer->data->{sms_config}{objective}, 'By another name',
    'prompt is the same as objective');
ok(!exists $answer->data->{sms_config}{prompt}, 'and shown as that alone');
is(update(outcome_ids => [ 'o1' ])->data->{sms_config}{disposition_ids}[0],
    'o1', 'outcome_ids is the same as disposition_ids');
is(update(prompt => undef, outcome_ids => undef)->data->{sms_config}
    {objective}, undef, 'and null is null');
%now = %{ config() };

# --- What is refused.

my $before = $parley->state;
my %any = (null => undef, true => $true, number => 1.5, integer => 7,
    text => 'text', array => [ [ ] ], object => { x => 1 });
my %types = (
	phone_number => '', channel => '', webhook => 'null',
	request_data => 'array object', time_out => 'null number integer',
	timeout_action => 'null', timeout_message => 'null text',
	warning_time => 'null number integer', warning_message => 'null text',
	messaging_service_sid => 'null text', objective => 'null text',
	prompt => 'null text', tools => '', temperature => 'number',
	restart_after_end_call => 'true', timezone => 'null',
	summary_prompt => 'null text', disposition_ids => 'null',
	outcome_ids => 'null', citation_schema_ids => 'null',
	ignore_keywords => 'null', debounce => 'number integer',
	debounce_max => 'number integer', quiet_hours => 'null',
	max_segments => 'null integer', help_message => 'null text',
	human_mode => 'true', sends_per_second => 'null number integer',
	daily_messages => 'null integer', loop_guard => 'null integer',
);
for my $field (sort keys %types) {
	my %fine = map { $_ => 1 } split ' ', $types{$field};
	for my $type (grep { !$fine{$_} } sort keys %any) {
		my $answer = update($field => $any{$type});
		my $at = $type eq 'array' && $field =~ /_ids$|tools|keywords/ ?
		    "$field/0" : $field;
		is($answer->status, 400, "$field: $type: 400");
		is($answer->faults, "INVALID_PARAMETER /$at",
		    "$field: $type: it is named");
	}
}
my @bad = (
	(map { [ webhook => $_ ] } '', 'x', 'ftp://example.test/',
	    'http://example.test/', 'https://', 'https:///x',
	    'http://10.1.2.4/', 'http://192.168.0.1/', 'javascript:alert(1)',
	    'https://user:password@example.test/', 'https://exa mple.test/',
	    '//example.test/', 'https://example.test/' . 'x' x 2048,
	    "https://example.test/\n", 'file:///etc/passwd'),
	(map { [ time_out => $_ ], [ warning_time => $_ ] } 0, -1, 2592001),
	(map { [ timeout_action => $_ ] } '', 'none', 'END'),
	(map { [ timeout_message => $_ ], [ warning_message => $_ ],
	    [ help_message => $_ ] } '', ' ', 'x' x 1601),
	(map { [ messaging_service_sid => $_ ] } '', 'x' x 65),
	[ objective => 'x' x 20001 ], [ prompt => "\0" ],
	(map { [ temperature => $_ ] } -0.1, 2.1, 100),
	[ request_data => { a => 'x' x 65536 } ],
	(map { [ timezone => $_ ] } '', 'Mars/Phobos', '../etc/passwd',
	    'Europe', '/etc/localtime', 'EuropeBerlin', 'x' x 65),
	(map { [ debounce => $_ ], [ debounce_max => $_ ] } -1, 61),
	(map { [ quiet_hours => $_ ] } '', '21:00', '21:00-24:00',
	    '9:00-10:00', '21:60-08:00', '21:00 08:00'),
	(map { [ max_segments => $_ ] } 0, -1, 51),
	(map { [ sends_per_second => $_ ] } 0, -1, 1000.5),
	(map { [ daily_messages => $_ ] } 0, 10001),
	(map { [ loop_guard => $_ ] } 0, 1001),
	(map { [ tools => $_ ] } [ (1) x 2 ], [ '' ]),
	[ ignore_keywords => [ (' ') ] ], [ ignore_keywords => [ 'x' x 256 ] ],
	[ ignore_keywords => [ ('x') x 101 ] ],
);
for (@bad) {
	my ($field, $value) = @$_;
	my $answer = update($field => $value);
	is($answer->status, 400, "$field: " . short($value) . ': 400');
	like($answer->faults, qr{^INVALID_PARAMETER /$field\b},
	    "$field: it is named");
}

# --- References that are not there.

for ([ { pathway_id => 'p2' }, 'PATHWAY_NOT_FOUND /pathway_id' ],
    [ { pathway_id => 'theirs' }, 'PATHWAY_NOT_FOUND /pathway_id' ],
    [ { pathway_version => '7' },
	'PATHWAY_VERSION_NOT_FOUND /pathway_version' ],
    [ { tools => [ 'nobody' ] }, 'TOOL_NOT_FOUND /tools/0' ],
    [ { tools => [ 'TL-1', 'TL-2' ] }, 'TOOL_NOT_FOUND /tools/1' ],
    [ { tools => [ 'theirs' ] }, 'TOOL_NOT_FOUND /tools/0' ],
    [ { disposition_ids => [ 'o2' ] },
	'OUTCOME_NOT_FOUND /disposition_ids/0' ],
    [ { citation_schema_ids => [ 'c1', 'c2', 'c3' ] },
	'CITATION_SCHEMA_NOT_FOUND /citation_schema_ids/1, '
	. 'CITATION_SCHEMA_NOT_FOUND /citation_schema_ids/2' ],
    [ { tools => [ 'x' ], disposition_ids => [ 'y' ] },
	'TOOL_NOT_FOUND /tools/0, OUTCOME_NOT_FOUND /disposition_ids/0' ]) {
	my ($given, $faults) = @$_;
	my $answer = update(%$given);
	my $name = short($given);
	is($answer->status, 404, "$name: 404");
	is($answer->faults, $faults, "$name: it is named");
}
$answer = update(start_node_id => 'nowhere');
is($answer->status, 400, 'an unknown node: 400');
is($answer->faults, 'INVALID_NODE /start_node_id', 'and it is named');
for my $number ('+15559999999', $stranger->number) {
	for my $path (qw(number/update update webhook/update)) {
		my $answer = $parley->post("/v1/sms/$path",
		    { phone_number => $number });
		is($answer->status, 404, "$path: $number: 404");
		is($answer->faults, 'INBOUND_NUMBER_NOT_FOUND /phone_number',
		    "$path: $number: it is named");
	}
}
is($parley->post('/v1/sms/number/update', {})->faults,
    'MISSING_REQUIRED_FIELDS /phone_number', 'the number is required');
is($parley->state, $before, 'and nothing was changed of those');

# --- Names that are not known.

$answer = update(timezome => 'UTC', temperature => 1, colour => 'red');
is($answer->status, 200, 'unknown fields are no fault');
my %warned = map { $_->{field} => $_->{message} }
    @{ $answer->json->{warnings} };
is_deeply([ sort keys %warned ], [ qw(/colour /timezome) ],
    'but each is named in a warning');
like($warned{'/timezome'}, qr/timezone/, 'with the nearest name');
is($answer->data->{sms_config}{timezone}, $now{timezone},
    'and nothing else comes of it');
is($answer->data->{sms_config}{temperature}, 1, 'what is known is done');
ok(!exists update(temperature => 0)->json->{warnings},
    'without unknown fields there are no warnings');

# --- Channels.

$before = config();
is_deeply(config('whatsapp'), \%initial, 'each channel has its own config');
$answer = update(channel => 'whatsapp', objective => 'On WhatsApp');
is($answer->data->{message}, 'WhatsApp config updated for number '
    . $parley->number, 'which is updated by itself');
is(config('whatsapp')->{objective}, 'On WhatsApp', 'and stored');
is_deeply(config(), $before, 'beside that of the other');
is_deeply($parley->get('/v1/sms/numbers?channel=imessage')->data, [],
    'a number is not listed for a channel that it is not on');
is(update(channel => 'imessage', objective => 'On iMessage')->status, 200,
    'an update puts it on one');
is(config('imessage')->{objective}, 'On iMessage', 'with its own config');
is(config('imessage')->{temperature}, 0, 'that starts like all');
is($parley->get('/v1/sms/numbers?channel=fax')->faults,
    'INVALID_PARAMETER /channel', 'an unknown channel is refused');
is($parley->get('/v1/sms/numbers?chanel=sms')->json->{warnings}[0]{field},
    '/chanel', 'an unknown parameter is warned of');

# --- The older routes.

$answer = $parley->post('/v1/sms/update', { phone_number => $parley->number,
    prompt => 'Be kind', ignore_keywords => [ 'bot' ], temperature => 0.3 });
is_deeply($answer->json, { status => 'Prompt updated' },
    'the prompt is updated');
is_deeply([ @{ config() }{qw(objective ignore_keywords temperature)} ],
    [ 'Be kind', [ 'bot' ], 0.3 ], 'with what else is given');
$parley->post('/v1/sms/update', { phone_number => $parley->number,
    ignore_keywords => undef });
is_deeply([ @{ config() }{qw(objective ignore_keywords temperature)} ],
    [ 'Be kind', undef, 0.3 ], 'and null disables the keywords');
is($parley->post('/v1/sms/update', { phone_number => $parley->number,
    channel => 'whatsapp', prompt => 'Kind too' })->status, 200,
    'on another channel');
is(config('whatsapp')->{objective}, 'Kind too', 'as well');
$before = config();
is($parley->post('/v1/sms/update', { phone_number => $parley->number,
    temperature => 3, prompt => 1 })->faults, 'INVALID_PARAMETER /prompt, '
    . 'INVALID_PARAMETER /temperature', 'what is bad is refused');
is($parley->post('/v1/sms/update', { phone_number => $parley->number,
    webhook => 'https://example.test/' })->json->{warnings}[0]{field},
    '/webhook', 'what it does not know is not done');
is_deeply(config(), $before, 'and nothing is changed');

$answer = $parley->post('/v1/sms/webhook/update', { phone_number =>
    $parley->number, webhook => 'https://hooks.example.test/new' });
is_deeply($answer->json, { status => 'success' }, 'the webhook is updated');
is_deeply(config(), { %$before, webhook => 'https://hooks.example.test/new' },
    'and nothing else');
is($parley->post('/v1/sms/webhook/update', { phone_number =>
    $parley->number, webhook => 'http://example.test/' })->faults,
    'INVALID_PARAMETER /webhook', 'http to anywhere is refused');
is($parley->post('/v1/sms/webhook/update', { phone_number =>
    $parley->number, webhook => undef })->status, 200, 'null is taken');
is(config()->{webhook}, undef, 'and takes it away');

# --- The list is sorted by number, and counts.

$parley->cli(qw(number add --account), $parley->id, '--carrier',
    $parley->carrier, qw(--channels sms), $_)
    for qw(+15550000003 +15550000001 +4915112345678);
is(join(' ', map { $_->{phone_number} } @{ $parley->get('/v1/sms/numbers')
    ->data }), '+15550000001 +15550000003 +15550001111 +4915112345678',
    'the list is sorted by number');
is_deeply([ map { $_->{phone_number} } @{ $stranger->get('/v1/sms/numbers')
    ->data } ], [ $stranger->number ], 'another account sees its own');

# Without permission no http at all.
$parley->restart(PARLEY_NET_ALLOW => undef);
is(update(webhook => 'http://127.0.0.1/')->faults,
    'INVALID_PARAMETER /webhook', 'loopback is not called unless allowed');
is(update(webhook => 'https://example.test/')->status, 200,
    'https needs no permission');

# --- People answer on a number, and no agent.

sub human_mode {
	my ($number) = grep { $_->{phone_number} eq $parley->number }
	    @{ $parley->get('/v1/sms/numbers?channel=' . shift)->data };
	return $number->{sms_config}{human_mode};
}
for ([ $true, 'on' ], [ $true, 'on' ], [ $false, 'off' ]) {
	my ($on, $word) = @$_;
	$answer = $parley->post('/v1/sms/toggle', { phone_number =>
	    $parley->number, on => $on });
	is_deeply($answer->json, { status => "Turned human mode $word" },
	    "human mode is turned $word");
	is(human_mode('sms'), $on, 'which the config shows');
}
$parley->post('/v1/sms/toggle', { phone_number => $parley->number,
    channel => 'whatsapp', on => $true });
is(human_mode('whatsapp'), $true, 'on a channel by itself');
is(human_mode('sms'), $false, 'not on another');
for ([ {}, 'MISSING_REQUIRED_FIELDS /phone_number, MISSING_REQUIRED_FIELDS'
	. ' /on' ],
    [ { phone_number => $parley->number }, 'MISSING_REQUIRED_FIELDS /on' ],
    (map { [ { phone_number => $parley->number, on => $_ },
	'INVALID_PARAMETER /on' ] } undef, 'true', 1),
    [ { phone_number => '+15559999999', on => $true },
	'INBOUND_NUMBER_NOT_FOUND /phone_number' ]) {
	my ($body, $faults) = @$_;
	is($parley->post('/v1/sms/toggle', $body)->faults, $faults,
	    'toggle: ' . JSON::PP->new->canonical->encode($body));
}

done_testing;
