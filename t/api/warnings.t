#!/usr/bin/perl
# Names that are not understood are accepted, and named in the answer.
use v5.30;
use warnings;
use utf8;

use JSON::PP ();
use Parley::Test;

my $parley = Parley::Test->new;
my $false = JSON::PP::false;

sub warned {
	my ($answer) = @_;
	return map { $_->{field} => $_->{message} } @{ $answer->json->{warnings}
	    // [] };
}

# --- Names that are nearly right, and what was meant.

for ([ user_numer => 'user_number' ], [ agentnumber => 'agent_number' ],
    [ agent_nubmer => 'agent_number' ], [ timeout => 'time_out' ],
    [ timeOut => 'time_out' ], [ mesage_sid => 'message_sid' ],
    [ warningtime => 'warning_time' ], [ newConversation =>
    'new_conversation' ], [ requestdata => 'request_data' ],
    [ curr_node_id => 'current_node_id' ], [ chanel => 'channel' ]) {
	my ($name, $meant) = @$_;
	my $answer = $parley->create($name => 'x');
	is($answer->status, 200, "$name is no fault");
	my %warned = warned($answer);
	is_deeply([ keys %warned ], [ "/$name" ], "$name is named");
	is($warned{"/$name"}, "$name is not a field of this request and was"
	    . " ignored; did you mean $meant?", "$name: $meant is proposed");
}
my %warned = warned($parley->create(zzzzzzzz => 1));
is($warned{'/zzzzzzzz'}, 'zzzzzzzz is not a field of this request and was'
    . ' ignored', 'what is like nothing is only named');

# --- It changes nothing else.

my $answer = $parley->create(user_number => '+15550004444', timeout => 5,
    colour => { a => [ 1 ] });
is_deeply([ sort keys %{ $answer->json } ], [ qw(data errors warnings) ],
    'the warnings stand beside the data');
is($answer->errors, undef, 'and are no errors');
is($parley->conversation($answer->data->{conversation_id})->{time_out}, undef,
    'what is not known is not guessed');
ok(!exists $parley->create->json->{warnings},
    'without a reason there are no warnings');
is_deeply($parley->create(request_data => { zzz => 1 })->json->{warnings},
    undef, 'inside of what is free there is nothing unknown');

# --- Odd names.

%warned = warned($parley->create('a/b~c' => 1, '' => 2, 'ключ' => 3,
    "new\nline" => 4));
is_deeply([ sort keys %warned ], [ sort '/a~1b~0c', '/', '/ключ',
    "/new\nline" ], 'the place of a name is a JSON Pointer');
my $long = $parley->create('n' x 100_000 => 1);
is($long->status, 200, 'a name may be long');
cmp_ok(length $long->content, '<', 2000, 'but is not repeated');
my $many = $parley->create(map { ("unknown_$_" => 1) } 1 .. 1000);
is($many->status, 200, 'a thousand unknown names are no fault');
is(@{ $many->json->{warnings} }, 50, 'of which some are listed');

# --- With faults there are none: nothing was ignored, nothing was done.

$answer = $parley->create(message => '', colour => 1);
is($answer->status, 400, 'a fault is a fault');
ok(!exists $answer->json->{warnings}, 'whatever else is unknown');

# --- Documents that are bare, and queries.

for ([ POST => '/v1/sms/update', { phone_number => $parley->number,
	promt => 'x' }, '/promt' ],
    [ POST => '/v1/sms/webhook/update', { phone_number => $parley->number,
	webhok => 'x' }, '/webhok' ],
    [ POST => '/v1/sms/toggle', { phone_number => $parley->number,
	on => $false, onn => $false }, '/onn' ],
    [ POST => '/v1/sms/send', { user_number => '+15550009999',
	agent_number => $parley->number, agent_message => 'x',
	webhok => 'x' }, '/webhok' ],
    [ POST => '/v1/sms/clear', { to => $parley->number,
	from => '+15550002222', form => 1 }, '/form' ],
    [ POST => '/v1/sms/messages/get', { to => $parley->number,
	from => '+15550002222', form => 1 }, '/form' ],
    [ POST => '/v1/keys', { name => 'x', scopes => [ 'admin' ],
	scope => 'x' }, '/scope' ],
    [ POST => '/v1/carriers', { kind => 'loopback', name => 'x',
	id => 'x' }, '/id' ],
    [ GET => '/v1/sms/conversations?pagesize=5', undef, '/pagesize' ],
    [ GET => '/v1/sms/numbers?chanel=sms', undef, '/chanel' ]) {
	my ($method, $path, $body, $field) = @$_;
	my $answer = $parley->request($method, $path, $body);
	like($answer->status, qr/^20[01]$/, "$method $path is served");
	is_deeply([ map { $_->{field} } @{ $answer->json->{warnings} // [] } ],
	    [ $field ], "$method $path warns of $field");
}

done_testing;
