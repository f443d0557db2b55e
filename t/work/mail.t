#!/usr/bin/perl
# Conversations by email, out: through a real Postfix, with STARTTLS and a
# password that a real Dovecot knows, into a mailbox that is read by IMAP.
use v5.30;
use utf8;
use warnings;

use Parley::Mail;
use Parley::Test;

my $mail = eval { Parley::Mail->new } or plan(skip_all => $@);
my $parley = Parley::Test->new(worker => 1, environment => {
    $mail->environment,
    PARLEY_HTTP_PUBLIC_URL => 'https://api.agents.test' });

my $carrier = $parley->post('/v1/carriers', { kind => 'smtp',
    name => 'Mail', base_url => $mail->smtp_url, username => $mail->user,
    password => $mail->password })->data->{id};
my $made = $parley->post('/v1/email-addresses', {
    address => 'Help@agents.test', carrier_id => $carrier });
is($made->status, 201, 'an address is added');
is($made->data->{address}, 'help@agents.test', 'in small letters');

sub create {
	return $parley->post('/v1/conversations', { channel => 'email',
	    user_id => 'user-1', to_address => 'ada@example.test',
	    agent_config => { instructions => 'Help.',
		starting_message => "Grüße, Ada.\nHow can we help?",
		channel_properties => { email => {
		    from_display_name => 'Die Hilfe',
		    default_subject => 'Willkommen' } } }, @_ });
}

# --- What is refused.

is(create(to_address => undef)->status, 422, 'a recipient is needed');
for my $bad ('ada', 'ada@example.test, eve@example.test',
    "ada\@example.test\r\nBcc: eve\@example.test", 'ada(x)@example.test') {
	my $answer = create(to_address => $bad);
	is($answer->status . ' ' . $answer->faults,
	    '422 INVALID_PARAMETER /to_address', 'a plain one');
}
is(create(subject => "Hi\nBcc: eve\@example.test")->status, 422,
    'a subject is one line');
is(create(from_address => 'other@agents.test')->faults,
    'INVALID_PARAMETER /from_address', 'the sender is one of the account');
is($parley->sql('SELECT COUNT(*) FROM conversation'), 0,
    'nothing was begun by that');

# --- The greeting.

my $answer = create();
is($answer->status, 200, 'a conversation is begun');
is($answer->json->{starting_message}, undef, 'whose greeting leaves later');
is($answer->json->{conversation}{status}, 'in_progress', 'it goes on');
my $id = $answer->json->{conversation}{id};
my ($first) = $mail->wait_for('ada', 1);
my $headers = $first->{headers};
like($headers->{from}, qr/help\@agents\.test/, 'it is from the address');
is($headers->{to}, 'ada@example.test', 'to the recipient');
is($headers->{subject}, 'Willkommen', "with the agent's subject");
like($headers->{'message-id'}, qr/^<[0-9a-f-]{36}\@agents\.test>$/,
    'and an id of ours');
is($headers->{'auto-submitted'}, 'auto-generated', 'a program wrote it');
like($headers->{'list-unsubscribe'},
    qr{^<https://api\.agents\.test/v1/email/unsubscribe/[0-9a-f]{128}>$},
    'one can unsubscribe');
is($headers->{'list-unsubscribe-post'}, 'List-Unsubscribe=One-Click',
    'by one click');
like($headers->{'content-type'}, qr{^multipart/alternative}, 'it is text');
like($first->{body}, qr{text/plain.*Gr=C3=BC=C3=9Fe, Ada\..*text/html}s,
    'and HTML');
unlike($first->{raw}, qr/\Q@{[ $mail->password ]}\E/, 'without the password');
like($first->{raw}, qr/using TLSv1/, 'it came encrypted');
like($first->{raw}, qr/ESMTPSA/, 'and by who has the password');

# --- One click.

my ($token) = $headers->{'list-unsubscribe'} =~ m{(/v1/email/.*)>};
my @open = ({ authorization => undef });
like($parley->get($token, undef, @open)->content, qr/<form method="post">/,
    'whoever follows the link is asked');
is($parley->sql('SELECT COUNT(*) FROM suppression'), 0,
    'for to look is no answer');
is($parley->get($token =~ s/.\z/x/r, undef, @open)->status, 404,
    'and nothing else is there');
is($parley->get($token =~ s/(.)\z/$1 eq '0' ? '1' : '0'/er, undef, @open)
    ->status, 404, 'by guessing');
is($parley->request('POST', $token, 'List-Unsubscribe=One-Click', {
    authorization => undef, 'content-type' =>
    'application/x-www-form-urlencoded' })->status, 200, 'a click is one');
is($parley->sql('SELECT CONCAT(address, \' \', reason) FROM suppression'),
    'ada@example.test stop_keyword', 'and in the ledger');
$parley->sql('DELETE FROM suppression');

ok(wait_until(30, sub { $parley->sql('SELECT status FROM message') eq
    'sent' }), 'it has left');
my ($turn) = @{ $parley->get("/v1/conversations/$id")
    ->json->{conversation}{turns} };
is_deeply([ @$turn{qw(role subject delivery_status opened_at)} ],
    [ 'agent', 'Willkommen', 'sent', undef ], 'as its transcript shows');
is($parley->sql('SELECT delivery_status FROM mail'), 'sent',
    'and its delivery says so');

# --- Another, with a subject of its own.

$answer = create(subject => 'Bestellung 7 – Größe', from_address =>
    'HELP@agents.test', user_id => 'user-2');
my (undef, $second) = $mail->wait_for('ada', 2);
like($second->{headers}{subject}, qr/=\?utf-8\?/i, 'a subject is encoded');

# --- An address that is not there bounces, and is not tried again.

create(to_address => 'nobody@example.test');
ok(wait_until(30, sub { $parley->sql('SELECT COUNT(*) FROM mail WHERE'
    . " delivery_status = 'bounced'") == 1 }), 'who is not there bounces');
is($parley->sql('SELECT CONCAT(address, reason) FROM suppression'),
    'nobody@example.testbounce', 'and is in the ledger');
is(create(to_address => 'NOBODY@example.test')->faults,
    'RECIPIENT_OPTED_OUT /to_address', 'so nothing is begun with it');
is($parley->get('/v1/email-suppressions')->data->[0]{address},
    'nobody@example.test', 'the ledger is listed');
is($parley->delete('/v1/email-suppressions/nobody@example.test')->status, 200,
    'and somebody is taken out of it');
is(create(to_address => 'nobody@example.test')->status, 200,
    'who may be written to again');

# --- The ledger is looked at when the mail is to leave.

$mail->{postfix}->stop;
$id = create(to_address => 'bob@example.test')->json->{conversation}{id};
ok(wait_until(30, sub { $parley->sql("SELECT COUNT(*) FROM work w JOIN"
    . ' work_attempt a ON a.work_id = w.id WHERE w.kind = '
    . "'mail' AND w.state = 'waiting' AND w.subject_id ="
    . " UNHEX(REPLACE('$id', '-', ''))") > 0 }), 'without a server it waits');
$parley->sql('INSERT INTO suppression SELECT account_id, \'email\','
    . " 'bob\@example.test', 'complaint', UTC_TIMESTAMP(6) FROM carrier"
    . ' LIMIT 1');
$mail->{postfix}->again;
$parley->sql("UPDATE work SET due = UTC_TIMESTAMP(6) WHERE kind = 'mail'"
    . " AND state = 'waiting'");
ok(wait_until(30, sub { $parley->sql('SELECT COUNT(*) FROM message WHERE'
    . " error_code = 'RECIPIENT_SUPPRESSED'") == 1 }),
    'who complained meanwhile is sent nothing');
is(scalar($mail->mailbox('bob')), 0, 'and has nothing');

# --- A password goes to nobody else, and is put right by a person.

my %asked = (
    plain => { base_url => $mail->plain_url, password => $mail->password },
    wrong => { base_url => $mail->smtp_url, password => 'wrong' });
for my $name (sort keys %asked) {
	my $id = $parley->post('/v1/carriers', { kind => 'smtp', name => $name,
	    username => $mail->user, %{ $asked{$name} } })->data->{id};
	$parley->post('/v1/email-addresses', { address =>
	    "$name\@agents.test", carrier_id => $id });
	$id = create(from_address => "$name\@agents.test", to_address =>
	    'eve@example.test')->json->{conversation}{id} =~ tr/-//dr;
	my $reason;
	wait_until(60, sub { $reason = $parley->sql('SELECT a.reason FROM'
	    . ' work w JOIN work_attempt a ON a.work_id = w.id WHERE w.kind ='
	    . " 'mail' AND w.subject_id = UNHEX('$id') LIMIT 1") });
	like($reason, $name eq 'plain' ? qr/SSL|TLS/ : qr/denied|535/i,
	    "$name: it waits, for $reason");
}
is(scalar($mail->mailbox('eve')), 0, 'and nothing was sent');

is($parley->delete('/v1/carriers/' . $carrier)->faults,
    'CARRIER_IN_USE', 'a carrier with addresses stays');
$mail->stop;
done_testing;
