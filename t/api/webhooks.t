#!/usr/bin/perl
# What clients were told by webhook: the log, sending again, and the secrets
# that sign it.
use v5.30;
use warnings;

use JSON::PP ();
use MIME::Base64 qw(decode_base64);
use Parley::Test;

my $parley = Parley::Test->new;
my $stranger = $parley->another_account;
my $all = '/v1/webhooks/deliveries';
my $secrets = '/v1/webhooks/secret';
my $nobody = '0190b0a0-0000-7000-8000-000000000001';
my $time = qr/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
my $uuid = qr/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
my $made = 0;

sub binary { return "UNHEX('" . ($_[0] =~ s/-//gr) . "')" }

# Ids in the order in which they are made.
sub new_id {
	return sprintf '0190b0a0-0000-7000-8000-0000000001%02x', ++$made;
}

# A delivery with work in this state, and its attempts: lists of a code, a
# time, an error.
sub deliver {
	my ($who, $conversation, $state, @attempts) = @_;
	my ($id, $work) = (new_id(), new_id());
	my ($account, $count) = (binary($who->id), scalar @attempts);
	my $talk = binary($conversation);
	my $delivered = $state eq 'delivered' ? 'NOW(6)' : 'NULL';
	my $of_work = $state eq 'delivered' ? 'done' : $state;
	$parley->sql(<<~"END");
		INSERT INTO work (id, account_id, subject_id, kind, state,
		  due, attempt, payload, created_at, updated_at)
		VALUES (${\ binary($work)}, $account, $talk, 'deliver',
		  '$of_work', NOW(6), $count, '{"delivery_id":"$id"}', NOW(6),
		  NOW(6));
		INSERT INTO delivery
		VALUES ($account, ${\ binary($id)}, $talk,
		  'https://hooks.example.test/sms', 'status',
		  '{"type":"status","status":"ended"}', ${\ binary($work)},
		  'spawn', $count, NOW(6), $delivered, NULL);
		END
	for my $i (0 .. $#attempts) {
		my ($code, $took, $error) = map { $_ // 'NULL' }
		    @{ $attempts[$i] }[0 .. 2];
		$parley->sql("INSERT INTO delivery_attempt VALUES ($account,"
		    . ' ' . binary($id) . ", $i + 1, 'spawn',"
		    . " '2030-01-02 03:04:05' + INTERVAL $i SECOND, $code,"
		    . " $took, " . ($error eq 'NULL' ? $error : "'$error'")
		    . ')');
	}
	return ($id, $work);
}

# --- The log.

is_deeply($parley->get($all)->json, { data => [], errors => undef, extra =>
    { pagination => $parley->get($all)->json->{extra}{pagination} } },
    'nothing was sent yet');
my @talks = map { $parley->create(user_number => "+155532$_")->data
    ->{conversation_id} } qw(00001 00002);
is_deeply($parley->get("/v1/sms/conversations/$talks[0]/webhook")->json,
    { data => undef, errors => undef }, 'of a conversation neither');
my $theirs = $stranger->create->data->{conversation_id};
my ($first, $work) = deliver($parley, $talks[0], 'delivered',
    [ undef, 10000, 'no answer' ], [ 503, 20 ], [ 200, 88 ]);
my ($second) = deliver($parley, $talks[1], 'waiting', [ 500, 7 ]);
my ($third) = deliver($parley, $talks[0], 'dead', [ 410, 9 ]);
my ($foreign) = deliver($stranger, $theirs, 'dead', [ 410, 9 ]);

my $answer = $parley->get($all);
is_deeply([ map { "$_->{id} $_->{state}" } @{ $answer->data } ],
    [ "$third failed", "$second pending", "$first delivered" ],
    'those of the account, newest first, with what became of them');
my $shown = $answer->data->[2];
like(delete $shown->{$_}, $time, "one has $_")
    for qw(created_at delivered_at);
is_deeply($shown, { id => $first, conversation_id => $talks[0],
    url => 'https://hooks.example.test/sms', type => 'status',
    state => 'delivered', workflow_id => $work,
    payload => { type => 'status', status => 'ended' }, attempts => [
	{ sent_at => '2030-01-02T03:04:05.000Z', response_code => undef,
	    response_time => '10000ms', send_type => 'spawn',
	    error_message => 'no answer' },
	{ sent_at => '2030-01-02T03:04:06.000Z', response_code => 503,
	    response_time => '20ms', send_type => 'spawn',
	    error_message => undef },
	{ sent_at => '2030-01-02T03:04:07.000Z', response_code => 200,
	    response_time => '88ms', send_type => 'spawn',
	    error_message => undef } ] }, 'and every attempt');
is_deeply([ map { $_->{id} } @{ $parley->get("$all?conversation_id=$talks[0]")
    ->data } ], [ $third, $first ], 'those of a conversation alone');
is_deeply($parley->get("$all?conversation_id=$theirs")->data, [],
    "another's conversation has none");
is_deeply([ map { $_->{id} } map { @{ $parley->get("$all?pageSize=1&page=$_")
    ->data } } 1 .. 4 ], [ $third, $second, $first ], 'page by page');
for ('page=0', 'page=x', 'pageSize=0', 'pageSize=101', 'conversation_id=x') {
	is($parley->get("$all?$_")->faults, 'INVALID_PARAMETER /'
	    . s/=.*//r, "$_ is refused");
}
my $reader = $parley->with_scopes('webhooks:read');
is_deeply([ map { $_->{payload} } @{ $reader->get($all)->data } ],
    [ (undef) x 3 ], 'what was said needs the scope for that');
is_deeply($parley->with_scopes('webhooks:read', 'conversations:read_sensitive')
    ->get($all)->data->[0]{payload}, { type => 'status', status => 'ended' },
    'conversations:read_sensitive');

# --- The latest of a conversation.

$answer = $parley->get("/v1/sms/conversations/$talks[0]/webhook");
like(delete $answer->data->{created_at}, $time, 'a conversation has a latest');
is_deeply($answer->json, { errors => undef, data => {
    conversation_id => $talks[0], url => 'https://hooks.example.test/sms',
    payload => { type => 'status', status => 'ended' },
    user_id => $parley->id, metadata => [ { response_code => 410,
    sent_at => '2030-01-02T03:04:05.000Z', response_time => '9ms',
    send_type => 'spawn', error_message => undef } ] } },
    'with its attempts');
for my $odd ('nonsense', $nobody, $theirs) {
	is($parley->get("/v1/sms/conversations/$odd/webhook")->faults,
	    'CONVERSATION_NOT_FOUND', "$odd is no conversation of ours");
}
is($parley->with_scopes('conversations:read')
    ->get("/v1/sms/conversations/$talks[0]/webhook")->status, 403,
    'it holds what was said');

# --- Again.

is($parley->with_scopes($_)->post("$all/$first/resend")->status, 403,
    "$_ is not enough to send again")
    for qw(webhooks:read conversations:manage);
is($parley->with_scopes('conversations:manage')->get($all)->status, 403,
    'nor to read the log');
for my $odd ('nonsense', $nobody, $foreign, $talks[0]) {
	$answer = $parley->post("$all/$odd/resend");
	is($answer->status . ' ' . $answer->faults, '404 DELIVERY_NOT_FOUND',
	    "$odd is no delivery of ours");
}
is($parley->sql('SELECT COUNT(*) FROM work WHERE kind = \'deliver\''), 4,
    'nothing comes of those');
$answer = $parley->post("$all/$first/resend");
is($answer->status, 200, 'a webhook is sent again');
my $again = $answer->data->{workflow_id};
is_deeply($answer->data, { message => 'The webhook is sent again',
    delivery_id => $first, workflow_id => $again }, 'by work of its own');
isnt($again, $work, 'which is another');
$shown = $parley->get("/v1/workflows/$again")->data;
is_deeply([ @$shown{qw(kind state conversation_id)} ], [ 'deliver', 'waiting',
    $talks[0] ], 'that waits');
($shown) = grep { $_->{id} eq $first } @{ $parley->get($all)->data };
is_deeply([ @$shown{qw(state delivered_at workflow_id)} ],
    [ 'pending', undef, $again ], 'the delivery is pending again');
is(@{ $shown->{attempts} }, 3, 'and keeps its attempts');
my $more = $parley->post("$all/$first/resend")->data->{workflow_id};
is($parley->get("/v1/workflows/$again")->data->{state}, 'done',
    'once more takes the place of that one');
is($parley->sql("SELECT COUNT(*) FROM work WHERE kind = 'deliver' AND state"
    . " = 'waiting' AND payload LIKE '%$first%'"), 1,
    'so it is sent once');
my @twice = map { $parley->post("$all/$third/resend", undef,
    { 'Idempotency-Key' => 'again' }) } 1, 2;
is($twice[1]->content, $twice[0]->content,
    'under a key the same answer comes twice');
is($twice[0]->status, 200, 'of one that was given up');

# --- They go with their conversation.

is($parley->delete("/v1/sms/conversations/$talks[0]")->status, 200,
    'a conversation is deleted');
is_deeply([ map { $_->{id} } @{ $parley->get($all)->data } ], [ $second ],
    'what was told of it is gone');
is($parley->sql('SELECT COUNT(*) FROM delivery_attempt'), 2,
    'with its attempts');
is($parley->post("$all/$first/resend")->status, 404,
    'and cannot be sent again');
is($parley->sql("SELECT COUNT(*) FROM work WHERE kind = 'deliver'"), 2,
    'nor is it');
is(@{ $stranger->get($all)->data }, 1, 'others keep theirs');

# --- Secrets.

is_deeply($parley->get($secrets)->json, { data => [], errors => undef },
    'there is no secret at first');
$answer = $parley->post($secrets);
is($answer->status, 201, 'one is made, without a body');
my $one = $answer->data;
my @said = $parley->get($secrets)->content;
like($one->{secret}, qr{^whsec_[A-Za-z0-9+/]+=*$}, 'and shown');
cmp_ok(length decode_base64($one->{secret} =~ s/^whsec_//r), '>=', 24,
    'of enough bytes');
like($one->{id}, $uuid, 'with an id');
like($one->{created_at}, $time, 'and its time');
is($one->{expires_at}, undef, 'it does not expire');
my %listed = %$one;
delete $listed{secret};
is_deeply($parley->get($secrets)->data, [ \%listed ],
    'the list has it, without its words');

# Seconds from now at which the secret before the last expires.
sub overlap {
	return $parley->sql('SELECT TIMESTAMPDIFF(SECOND, created.t,'
	    . ' expires_at) FROM webhook_secret, (SELECT MAX(created_at) t'
	    . ' FROM webhook_secret WHERE account_id = '
	    . binary($parley->id) . ') created WHERE expires_at IS NOT NULL'
	    . ' AND account_id = ' . binary($parley->id));
}
my $two = $parley->post($secrets, {})->data;
isnt($two->{secret}, $one->{secret}, 'a second one is another');
is_deeply([ map { $_->{id} } @{ $parley->get($secrets)->data } ],
    [ $two->{id}, $one->{id} ], 'both are valid, the newest first');
like($parley->get($secrets)->data->[1]{expires_at}, $time,
    'the first for a while');
is(overlap(), 86400, 'which is a day');
my $before = $parley->state;
$answer = $parley->post($secrets);
is($answer->status . ' ' . $answer->faults, '409 TOO_MANY_WEBHOOK_SECRETS',
    'there are not three');
is($parley->state, $before, 'and nothing comes of it');
is($parley->delete("$secrets/$one->{id}")->data->{message},
    'The secret is deleted: nothing more is signed by it',
    'the old one is deleted');
is($parley->get($secrets)->data->[0]{expires_at}, undef,
    'the new one is left');
my $three = $parley->post($secrets, { overlap => 60 })->data;
is(overlap(), 60, 'a client says how long the old one stays valid');
$parley->delete("$secrets/$three->{id}");
is_deeply([ map { [ @$_{qw(id expires_at)} ] } @{ $parley->get($secrets)
    ->data } ], [ [ $two->{id}, undef ] ],
    'when the new one is deleted, the old one stays for good');
$parley->post($secrets, { overlap => 0 });
is(@{ $parley->get($secrets)->data }, 1, 'with overlap 0 one is valid');
is($parley->post($secrets, { overlap => 604800 })->status, 201,
    'and a week is the most');
my ($last) = map { $_->{id} } @{ $parley->get($secrets)->data };

# --- What is refused.

$before = $parley->state;
for (-1, 604801, 1.5, '60', undef, JSON::PP::true) {
	$answer = $parley->post($secrets, { overlap => $_ });
	is($answer->faults, 'INVALID_PARAMETER /overlap',
	    'overlap ' . ($_ // 'null') . ' is refused');
}
for my $odd ('nonsense', $nobody, $one->{id}) {
	$answer = $parley->delete("$secrets/$odd");
	is($answer->status . ' ' . $answer->faults,
	    '404 WEBHOOK_SECRET_NOT_FOUND', "$odd is no secret");
}
is($stranger->delete("$secrets/$last")->status, 404,
    "another account's is not there");
is_deeply($stranger->get($secrets)->data, [], 'nor listed');
is($parley->state, $before, 'nothing comes of those');
$reader = $parley->with_scopes('webhooks:read');
is($reader->get($secrets)->status, 200, 'webhooks:read may list them');
is($reader->post($secrets)->status, 403, 'but not make one');
is($reader->delete("$secrets/$last")->status, 403, 'nor delete one');
is($parley->with_scopes('conversations:manage')->get($secrets)->status, 403,
    'others may not even look');
is($stranger->post($secrets)->status, 201, 'each account has its own');

# --- Under a key the answer holds a secret, and is kept sealed.

$parley->delete("$secrets/$_->{id}") for @{ $parley->get($secrets)->data };
@twice = map { $parley->post($secrets, { overlap => 60 },
    { 'Idempotency-Key' => 'secret' }) } 1, 2;
is($twice[1]->content, $twice[0]->content, 'it is shown again under it');
is(@{ $parley->get($secrets)->data }, 1, 'and there is one');
my $stored = join "\n", map { $parley->sql("SELECT * FROM $_") }
    qw(webhook_secret idempotency work);
push @said, $parley->get($secrets)->content;
for my $secret ($one, $two, $twice[0]->data) {
	my $word = $secret->{secret} =~ s/^whsec_//r;
	is((grep { index($_, $word) >= 0 } @said, $stored,
	    $parley->api->log), 0, 'no secret is anywhere in clear');
}

done_testing;
