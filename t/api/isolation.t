#!/usr/bin/perl
# Another account's things are not there: the same answer, word for word, as
# for what does not exist at all.
use v5.30;
use warnings;

use JSON::PP ();
use Parley::Test;

my $parley = Parley::Test->new;
my $stranger = $parley->another_account;
my ($true, $false) = (JSON::PP::true, JSON::PP::false);

# --- What they have, and names for what nobody has.

my $talk = $stranger->create(user_number => '+15554440000',
    sender => 'AGENT', time_out => 600, message_sid => 'SM1')->data;
my $key = $stranger->post('/v1/keys', { name => 'theirs',
    scopes => [ 'admin' ] })->data;
my $secret = $stranger->post('/v1/webhooks/secret')->data;
$stranger->post('/v1/secrets', { name => 'theirs', value => 'x' });
my $agent = $stranger->post('/v1/agents', { name => 'theirs' })->json->{id};
$stranger->post("/v1/agents/$agent/versions", { config => {} });
my $own = $parley->post('/v1/agents', { name => 'mine' })->json->{id};
$parley->post("/v1/agents/$own/versions", { config => {} });
my $account = $stranger->id =~ s/-//gr;
$parley->sql(<<~"END");
	INSERT INTO pathway (account_id, id, name, production_version,
	    staging_version, created_at) VALUES (X'$account', 'theirs', 'x', 1, 1, NOW(6));
	INSERT INTO pathway_version (account_id, pathway_id, number, name,
	    document, created_at) VALUES
	  (X'$account', 'theirs', 1, 'v1', '{"nodes":[{"id":"n"}]}', NOW(6));
	INSERT INTO tool VALUES (X'$account', 'theirs', 'x', '{}', NOW(6));
	INSERT INTO outcome VALUES (X'$account', 'theirs', 'x', '{}', NOW(6));
	INSERT INTO citation_schema VALUES
	  (X'$account', 'theirs', 'x', '{}', NOW(6));
	END
my $mine = $parley->create->data->{conversation_id};
my $nobody = '0190b0a0-0000-7000-8000-000000000001';
my $sms = '/v1/sms';
my %message = (user_number => '+15550002222', message => 'x',
    agent_number => $parley->number);
my %sent = (user_number => '+15550002222', agent_message => 'x',
    agent_number => $parley->number);
my %number = (phone_number => $parley->number);

# Requests with ID in the place of what is theirs, and the two that go
# there: theirs, and what nobody has.
my @conversation = ($talk->{conversation_id}, $nobody);
my @number = ($stranger->number, '+15559999999');
my @carrier = ($stranger->carrier, $nobody);
my @word = ('theirs', 'nobody');
my @agent = ($agent, $nobody);
my $versions = "/v1/agents/$own/versions";
my @requests = (
	[ GET => "$sms/conversations/ID", undef, @conversation ],
	[ PATCH => "$sms/conversations/ID", { is_active => $false },
	    @conversation ],
	[ PATCH => "$sms/conversations/ID", { is_active => $true },
	    @conversation ],
	[ DELETE => "$sms/conversations/ID", undef, @conversation ],
	[ DELETE => "$sms/conversations/ID/messages",
	    { message_ids => [ $talk->{message_id} ] }, @conversation ],
	[ GET => '/v1/workflows/ID', undef, $talk->{workflow_id}, $nobody ],
	[ POST => '/v1/workflows/ID/retry', undef, $talk->{workflow_id},
	    $nobody ],
	[ POST => "$sms/conversations/ID/end", {}, @conversation ],
	[ POST => "$sms/conversations/ID/messages", { message => 'x' },
	    @conversation ],
	[ POST => "$sms/conversations/ID/handoff", {}, @conversation ],
	[ POST => "$sms/conversations/ID/resume", {}, @conversation ],
	[ POST => "$sms/conversations/ID/resume", { generate_reply => $true },
	    @conversation ],
	[ GET => '/v1/conversations/ID/turns', undef, @conversation ],
	[ POST => "$sms/send", { %sent, agent_number => 'ID' }, @number ],
	[ POST => "$sms/send", { %sent, pathway_id => 'ID' }, @word ],
	[ POST => "$sms/send", { %sent, outcome_ids => [ 'ID' ] }, @word ],
	[ POST => "$sms/send", { %sent, citation_schema_ids => [ 'ID' ] },
	    @word ],
	[ POST => "$sms/toggle", { phone_number => 'ID', on => $true },
	    @number ],
	[ GET => "$sms/conversations/ID/webhook", undef, @conversation ],
	[ DELETE => '/v1/webhooks/secret/ID', undef, $secret->{id},
	    $nobody ],
	[ DELETE => '/v1/secrets/ID', undef, @word ],
	(map { [ GET => "/$_/tools/ID", undef, @word ],
	    [ POST => "/$_/tools/ID", { label => 'x' }, @word ],
	    [ DELETE => "/$_/tools/ID", undef, @word ] } qw(v1 v2)),
	[ PUT => '/v1/tools/ID', { name => 'x', description => 'x',
	    url => 'https://x.example.test/' }, @word ],
	[ GET => '/v1/agents/ID', undef, @agent ],
	[ PUT => '/v1/agents/ID', { name => 'x' }, @agent ],
	[ DELETE => '/v1/agents/ID', undef, @agent ],
	[ GET => '/v1/agents/ID/versions', undef, @agent ],
	[ POST => '/v1/agents/ID/versions', { config => {} }, @agent ],
	(map { [ GET => "/v1/agents/ID/versions/$_", undef, @agent ],
	    [ PUT => "/v1/agents/ID/versions/$_", { config => {} }, @agent ],
	    [ POST => "/v1/agents/ID/versions/$_/publish", {}, @agent ] }
	    1, 'latest'),
	(map { [ POST => $versions, { config => $_ }, @word ] }
	    { pathway_id => 'ID' }, { tools => [ 'ID' ] },
	    { outcome_ids => [ 'ID' ] }, { citation_schema_ids => [ 'ID' ] }),
	(map { [ POST => "$versions/1/publish", { $_ => [ 'ID' ] },
	    @number ] } qw(phone_numbers unassign_phone_numbers)),
	[ DELETE => '/v1/keys/ID', undef, $key->{id}, $nobody ],
	[ GET => '/v1/carriers/ID', undef, @carrier ],
	[ DELETE => '/v1/carriers/ID', undef, @carrier ],
	[ GET => '/v1/phone-numbers/ID', undef, @number ],
	[ PATCH => '/v1/phone-numbers/ID', { label => 'x' }, @number ],
	[ DELETE => '/v1/phone-numbers/ID', undef, @number ],
	[ POST => '/v1/phone-numbers', { phone_number => '+15550007777',
	    carrier_id => 'ID' }, @carrier ],
	[ PATCH => '/v1/phone-numbers/' . $parley->number,
	    { carrier_id => 'ID' }, @carrier ],
	[ POST => "$sms/create", { %message, agent_number => 'ID' },
	    @number ],
	[ POST => "$sms/create", { %message, curr_pathway_id => 'ID' },
	    @word ],
	[ POST => "$sms/number/update", { phone_number => 'ID' }, @number ],
	[ POST => "$sms/number/update", { phone_number => 'ID',
	    channel => 'imessage', objective => 'x' }, @number ],
	[ POST => "$sms/number/update", { %number, pathway_id => 'ID' },
	    @word ],
	[ POST => "$sms/number/update", { %number, tools => [ 'ID' ] },
	    @word ],
	[ POST => "$sms/number/update", { %number, disposition_ids => [ 'ID' ]
	    }, @word ],
	[ POST => "$sms/number/update", { %number, citation_schema_ids =>
	    [ 'ID' ] }, @word ],
	[ POST => "$sms/update", { phone_number => 'ID' }, @number ],
	[ POST => "$sms/webhook/update", { phone_number => 'ID' }, @number ],
	[ POST => "$sms/clear", { to => '+15554440000', from => 'ID' },
	    @number ],
	[ POST => "$sms/messages/get", { to => 'ID', from => '+15554440000' },
	    @number ],
	[ GET => '/v1/outcomes/ID', undef, @word ],
	[ PATCH => '/v1/outcomes/ID', { name => 'x' }, @word ],
	[ DELETE => '/v1/outcomes/ID', undef, @word ],
	[ GET => '/v1/outcomes/ID/versions', undef, @word ],
	[ GET => '/v1/citation_schemas/?id=ID', undef, @word ],
	[ PATCH => '/v1/citation_schemas/?id=ID', { name => 'x' }, @word ],
	[ DELETE => '/v1/citation_schemas/?id=ID', undef, @word ],
	[ POST => '/v1/citation_schemas/backfill', { schema_id => 'ID',
	    conversation_ids => [ $mine ] }, @word ],
	[ POST => "$sms/analyze", { schema_id => 'ID', conversation_id =>
	    $mine }, @word ],
);

my $before = $parley->state;
for (@requests) {
	my ($method, $path, $body, @ids) = @$_;
	my $name = "$method $path" . ($body ? ' '
	    . JSON::PP->new->canonical->encode($body) : '');
	my @answers = map { asked($method, $path, $body, $_) } @ids;
	is($answers[0][0], 404, "$name: theirs is not found");
	is_deeply($answers[0], $answers[1], "$name: as what is not there");
}
is($parley->state, $before, 'and nothing comes of any');

# Status, headers and document, without what differs in any two answers.
sub asked {
	my ($method, $path, $body, $id) = @_;
	my $text = $body && JSON::PP->new->canonical->encode($body)
	    =~ s/ID/$id/r;
	my $answer = $parley->request($method, $path =~ s/ID/$id/r, $text);
	my %headers = %{ $answer->headers };
	delete @headers{qw(date x-request-id)};
	my $document = $answer->content =~ s/\Q$id\E/ID/gr
	    =~ s/"request_id":"[^"]+"//r;
	return [ $answer->status, $document, { map { $_ => scalar @{
	    $headers{$_} } } keys %headers } ];
}

# --- Messages of theirs in a conversation of ours.

is($parley->delete("$sms/conversations/$mine/messages", { message_ids =>
    [ $talk->{message_id} ] })->data->{deleted_count}, 0,
    'a message of theirs is in no conversation of ours');

# --- Lists have only what is one's own.

is_deeply([ map { $_->{id} } @{ $parley->get("$sms/conversations")->data } ],
    [ $mine ], 'conversations');
is_deeply([ map { $_->{phone_number} } @{ $parley->get("$sms/numbers")->data
    } ], [ $parley->number ], 'numbers with their configs');
is_deeply([ map { $_->{phone_number} } @{ $parley->get('/v1/phone-numbers')
    ->data } ], [ $parley->number ], 'phone numbers');
is_deeply([ map { $_->{id} } @{ $parley->get('/v1/carriers')->data } ],
    [ $parley->carrier ], 'carriers');
is_deeply([ grep { $_->{id} eq $key->{id} } @{ $parley->get('/v1/keys')->data
    } ], [], 'keys');
is($stranger->conversation($talk->{conversation_id})->{message_count}, 1,
    'while they still have theirs');

# --- The same number and the same user, in two accounts.

my $same = $stranger->post('/v1/phone-numbers', { phone_number =>
    $parley->number, carrier_id => $stranger->carrier });
is($same->status, 201, 'two accounts may have the same number');
my $theirs = $stranger->create(agent_number => $parley->number)->data;
isnt($theirs->{conversation_id}, $mine, 'and each its own conversation');
is(@{ $parley->post("$sms/messages/get", { from => '+15550002222', to =>
    $parley->number })->json->{messages} }, 1, 'with its own history');

done_testing;
