#!/usr/bin/perl
# Webhooks: how they are signed, where they do not go, when they are sent
# again, and what is kept of it.
use v5.30;
use warnings;

use Digest::SHA qw(hmac_sha256 hmac_sha256_hex);
use Encode qw(decode);
use JSON::PP ();
use MIME::Base64 qw(decode_base64 encode_base64);
use Parley::Receiver;
use Parley::Server qw(run);
use Parley::Test;

use constant {
	PATIENCE => 30,
	ALLOW => '127.0.0.0/8',
	DELIVERIES => '/v1/webhooks/deliveries',
	SECRET => '/v1/webhooks/secret',
};

my $parley = Parley::Test->new(worker => 1,
    environment => { PARLEY_NET_ALLOW => ALLOW });
my $receiver = Parley::Receiver->new;
my $json = JSON::PP->new->utf8->canonical;
my $users = 0;

sub row { return "UNHEX(REPLACE('$_[0]', '-', ''))" }

sub webhook {
	my ($url) = @_;
	my $answer = $parley->post('/v1/sms/number/update', {
	    phone_number => $parley->number, webhook => $url });
	die $answer->content if $answer->status != 200;
}

# A conversation that ended, of which the client is to be told.
sub ended {
	my ($text) = @_;
	my $id = $parley->create(user_number => sprintf('+1555500%04d',
	    ++$users), message => $text // 'Hello')->data->{conversation_id};
	$parley->patch("/v1/sms/conversations/$id",
	    { is_active => JSON::PP::false });
	return $id;
}

# What was posted of the conversation, when there is so much of it.
sub posted {
	my ($id, $count) = @_;
	my @found;
	wait_until(PATIENCE, sub {
		@found = grep { ($_->{document}{conversation_id} // '') eq $id }
		    $receiver->requests;
		@found >= $count
	});
	return @found;
}

# Its delivery, when it has the state and so many attempts.
sub delivery {
	my ($id, $state, $attempts) = @_;
	my $found;
	wait_until(PATIENCE, sub {
		($found) = @{ $parley->get(DELIVERIES
		    . "?conversation_id=$id")->data };
		$found && $found->{state} eq $state
		    && @{ $found->{attempts} } == $attempts
	});
	return $found;
}

sub codes { return join ' ', map { $_->{response_code} // '-' }
    @{ $_[0]{attempts} } }

# Has the next try come now.
sub hurry {
	my ($id) = @_;
	$parley->sql("UPDATE work SET due = UTC_TIMESTAMP(6) WHERE kind ="
	    . " 'deliver' AND state = 'waiting' AND subject_id = " . row($id));
}

# Has the next try not come while this test runs: it would take an answer that
# is meant for another.
sub park {
	my ($id) = @_;
	$parley->sql("UPDATE work SET due = due + INTERVAL 1 DAY WHERE kind ="
	    . " 'deliver' AND state = 'waiting' AND subject_id = " . row($id));
}

# Is the request signed by the secret?  By the official library, and by our
# own count.
sub verified {
	my ($request, $secret) = @_;
	my $said = run([ 'node', Parley::Test::source() . '/t/webhooks.mjs' ],
	    $json->encode({ secret => $secret,
	    headers => $request->{headers},
	    body => decode('UTF-8', $request->{body}) }) . "\n");
	chomp $said;
	return $said;
}

sub signature {
	my ($request, $secret) = @_;
	my $key = decode_base64($secret =~ s/^whsec_//r);
	return 'v1,' . encode_base64(hmac_sha256(join('.',
	    @{ $request->{headers} }{qw(webhook-id webhook-timestamp)},
	    $request->{body}), $key), '');
}

# --- Without a secret.

webhook($receiver->url('hook?a=b'));
my $id = ended();
my ($request) = posted($id, 1);
is("$request->{method} $request->{path}", 'POST /hook?a=b',
    'a webhook is posted to the number\'s URL');
my $headers = $request->{headers};
is($headers->{'content-type'}, 'application/json', 'as JSON');
like($headers->{'webhook-id'}, qr/^msg_[0-9a-f]{32}$/, 'with an id');
cmp_ok(abs($headers->{'webhook-timestamp'} - $request->{at}), '<', 30,
    'and the time');
is_deeply([ @$headers{qw(webhook-signature x-webhook-signature)} ],
    [ undef, undef ], 'an account without a secret gets no signature');

# --- What is kept of it.

my $delivery = delivery($id, 'delivered', 1);
is_deeply([ @$delivery{qw(conversation_id url state)} ], [ $id,
    $receiver->url('hook?a=b'), 'delivered' ], 'the delivery is listed');
is_deeply([ @{ $delivery->{attempts}[0] }{qw(response_code send_type
    error_message)} ], [ 200, 'spawn', undef ], 'with its attempt');
like($delivery->{attempts}[0]{response_time}, qr/^\d+ms$/,
    'and how long it took');
my $log = $parley->get("/v1/sms/conversations/$id/webhook")->data;
is_deeply($log->{payload}, $request->{document},
    'the conversation shows what was sent');
is($log->{metadata}[0]{response_code}, 200, 'and what came back');
my $silent = $parley->create(user_number => '+15555999999')->data
    ->{conversation_id};
is($parley->get("/v1/sms/conversations/$silent/webhook")->json->{data}, undef,
    'of one of which nothing was told, null');

# --- The signatures.

my $first = $parley->post(SECRET, {})->data;
like($first->{secret}, qr/^whsec_[A-Za-z0-9+\/]+=*$/, 'a secret is made');
$id = ended("Gr\x{fc}\x{df}e \x{1f600} \"quoted\"");
($request) = posted($id, 1);
is(verified($request, $first->{secret}), 'ok',
    'the library of Standard Webhooks takes the signature');
is($request->{headers}{'webhook-signature'},
    signature($request, $first->{secret}), 'which is as it should be');
is($request->{headers}{'x-webhook-signature'},
    hmac_sha256_hex($request->{body}, $first->{secret}),
    'and the older one is over the body');
isnt(verified($request, 'whsec_' . encode_base64('x' x 32, '')), 'ok',
    'by another secret it is not signed');
isnt(verified({ %$request, body => "$request->{body} " }, $first->{secret}),
    'ok', 'nor is another body');

# --- Two secrets.

my $second = $parley->post(SECRET, { overlap => 3600 })->data;
($request) = posted(ended(), 1);
is(verified($request, $_->{secret}), 'ok',
    'while secrets are exchanged both are valid') for $first, $second;
is($request->{headers}{'webhook-signature'}, join(' ',
    map { signature($request, $_->{secret}) } $second, $first),
    'the newer one signs first');
is($request->{headers}{'x-webhook-signature'},
    hmac_sha256_hex($request->{body}, $second->{secret}),
    'and alone where there is room for one');
is($parley->post(SECRET, {})->status, 409, 'a third has to wait');
is(scalar(@{ $parley->get(SECRET)->data }), 2, 'both are listed');
$parley->sql('UPDATE webhook_secret SET expires_at = UTC_TIMESTAMP(6) -'
    . ' INTERVAL 1 SECOND WHERE expires_at IS NOT NULL');
($request) = posted(ended(), 1);
is($request->{headers}{'webhook-signature'},
    signature($request, $second->{secret}), 'then the older one expires');
is($parley->delete(SECRET . "/$first->{id}")->status =~ /^(200|404)$/, 1,
    'and may be deleted');
is($parley->post(SECRET, {})->status, 201, 'and there is room for another');

# --- Again.

$receiver->answer(500, 200);
$id = ended();
$delivery = delivery($id, 'pending', 1);
is(codes($delivery), '500', 'a webhook that was answered 500 is pending');
is($delivery->{attempts}[0]{error_message}, 'the receiver answered 500',
    'the log says why');
# Between the call and what is written of it the next moment is chosen.
my ($due) = $parley->rows('SELECT TIMESTAMPDIFF(MICROSECOND, a.sent_at, w.due)'
    . ' / 1e6, TIMESTAMPDIFF(MICROSECOND, w.updated_at, w.due) / 1e6 FROM'
    . ' work w JOIN delivery d ON d.work_id = w.id JOIN delivery_attempt a ON'
    . ' a.delivery_id = d.id WHERE w.subject_id = ' . row($id));
cmp_ok($due->[0], '>=', 5, 'it is tried again by the schedule');
cmp_ok($due->[1], '<=', 5.5, 'after five seconds, and a little');
hurry($id);
my @requests = posted($id, 2);
is($requests[1]{headers}{'webhook-id'}, $requests[0]{headers}{'webhook-id'},
    'the second attempt has the same id');
is($requests[1]{body}, $requests[0]{body}, 'and the same body');
is(codes(delivery($id, 'delivered', 2)), '500 200', 'and is delivered');

$receiver->answer('503 Retry-After: 3000', '429 Retry-After: 90');
$id = ended();
delivery($id, 'pending', 1);
sub pause {
	return $parley->sql('SELECT TIMESTAMPDIFF(SECOND, updated_at, due) FROM'
	    . " work WHERE kind = 'deliver' AND subject_id = " . row($_[0]));
}
cmp_ok(pause($id), '>=', 2999, 'who asks for more time gets it');
hurry($id);
is(codes(delivery($id, 'pending', 2)), '503 429', 'as often as it asks');
cmp_ok(pause($id), '>=', 299, 'but the schedule is the least');
park($id);

# --- Never again.

$receiver->answer(410);
$id = ended();
is(codes(delivery($id, 'failed', 1)), '410', '410 ends it at once');
is($parley->sql("SELECT state FROM work WHERE kind = 'deliver' AND subject_id ="
    . ' ' . row($id)), 'dead', 'its work is given up');

$receiver->answer('302 Location: ' . $receiver->url('elsewhere'));
$id = ended();
is(codes(delivery($id, 'pending', 1)), '302', 'a redirect is a failure');
is((grep { $_->{path} eq '/elsewhere' } $receiver->requests), 0,
    'that nobody follows');

park($id);
$receiver->answer((500) x 8, 200);
$id = ended();
for my $attempt (1 .. 9) {
	delivery($id, $attempt < 9 ? 'pending' : 'delivered', $attempt);
	hurry($id) if $attempt < 9;
}
is(codes(delivery($id, 'delivered', 9)), '500 ' x 8 . '200',
    'it is tried for days');
$receiver->answer((500) x 10);
$id = ended();
for my $attempt (1 .. 9) {
	delivery($id, 'pending', $attempt);
	hurry($id);
}
is(codes(delivery($id, 'failed', 10)), join(' ', (500) x 10),
    'and then given up');

# --- Where it does not go.

$parley->worker->stop;
my $strict = $parley->start_worker(PARLEY_NET_ALLOW => undef);
my $before = $receiver->requests;
$id = ended();
$delivery = delivery($id, 'failed', 1);
is(codes($delivery), '-', 'a private address is not called');
like($delivery->{attempts}[0]{error_message}, qr/address|private|network/,
    'the log says so');
is(scalar($receiver->requests), $before, 'nothing came there');

# --- By hand.

$strict->stop;
$parley->worker->again;
my $answer = $parley->post(DELIVERIES . "/$delivery->{id}/resend", {});
is($answer->status, 200, 'a delivery is sent again by hand');
$delivery = delivery($id, 'delivered', 2);
is(codes($delivery), '- 200', 'and arrives');
is($delivery->{attempts}[1]{send_type}, 'resend', 'the log says how');
($request) = posted($id, 1);
is($parley->get("/v1/workflows/" . $answer->data->{workflow_id})->data->{state},
    'done', 'its work can be asked for');
$parley->post(DELIVERIES . "/$delivery->{id}/resend", {});
@requests = posted($id, 2);
is($requests[1]{headers}{'webhook-id'}, $request->{headers}{'webhook-id'},
    'with the same id, however often');
is($parley->post(DELIVERIES . '/0190b0a0-0000-7000-8000-000000000001/resend',
    {})->status, 404, 'what there is not is not sent');
my $stranger = $parley->another_account;
is($stranger->post(DELIVERIES . "/$delivery->{id}/resend", {})->status, 404,
    'nor what is another account\'s');
is(scalar(@{ $stranger->get(DELIVERIES)->data }), 0, 'which is not shown it');

done_testing;
