#!/usr/bin/perl
# /v1/hooks/mail: mail as Mailgun's and SendGrid's forms bring it, from whom
# it is signed by alone, and on disk before it is answered.
use v5.30;
use utf8;
use warnings;

use Digest::SHA qw(hmac_sha256_hex);
use File::Temp ();
use JSON::PP ();
use MIME::Base64 qw(encode_base64);
use Parley::Server ();
use Parley::Test;

use constant { KEY => 'key-1', PATH => '/v1/hooks/mail' };

my $parley = Parley::Test->new(worker => 1);
my $stranger = $parley->another_account;
my $json = JSON::PP->new->utf8->canonical;

my $directory = File::Temp->newdir('keys-XXXXXX', TMPDIR => 1);
Parley::Server::run([ qw(openssl ecparam -genkey -name prime256v1 -noout
    -out), "$directory/key" ]);
my $public = encode_base64(Parley::Server::run([ qw(openssl ec -in),
    "$directory/key", qw(-pubout -outform DER) ]), '');

sub carrier {
	my ($of, %more) = @_;
	return $of->post('/v1/carriers', { kind => 'smtp', name => 'Mail',
	    base_url => 'smtp://mail.example.test', %more })->data->{id};
}
my $carrier = carrier($parley, signing_key => KEY, verification_key =>
    $public);
my $theirs = carrier($stranger, signing_key => 'key-2');
sub agent {
	my ($of, $address, $of_carrier) = @_;
	my $agent = $of->post('/v1/agents', { name => $address })->json->{id};
	my $version = $of->post("/v1/agents/$agent/versions", { config => {
	    instructions => 'Help.' } })->json;
	$of->post("/v1/agents/$agent/versions/$version->{version}/publish", {});
	is($of->post('/v1/email-addresses', { address => $address,
	    carrier_id => $of_carrier, inbound_agent_version_id =>
	    $version->{id} })->status, 201, "there is $address");
}
agent($parley, 'help@agents.test', $carrier);
agent($stranger, 'help@agents.test', $theirs);

# --- Forms.

sub escape { return $_[0] =~ s/([^A-Za-z0-9])/sprintf '%%%02X', ord $1/ger }

sub pairs {
	my (%form) = @_;
	utf8::encode($_) for values %form;
	return (join('&', map { escape($_) . '=' . escape($form{$_}) }
	    sort keys %form), 'application/x-www-form-urlencoded');
}

sub parts {
	my ($form, @files) = @_;
	my %form = %$form;
	utf8::encode($_) for values %form;
	return (join('', map({ "--b\r\nContent-Disposition: form-data;"
	    . " name=\"$_\"\r\n\r\n$form{$_}\r\n" } sort keys %form),
	    map({ "--b\r\nContent-Disposition: form-data; name=\"$_->[0]\";"
	    . " filename=\"$_->[1]\"\r\nContent-Type: image/png\r\n\r\n"
	    . "$_->[2]\r\n" } @files), "--b--\r\n"),
	    'multipart/form-data; boundary=b');
}

my $count = 0;
sub signed {
	my (%form) = @_;
	my $token = $form{token} // sprintf '%050d', ++$count;
	my $time = $form{timestamp} // time;
	return (recipient => 'help@agents.test', sender => 'ada@example.test',
	    timestamp => $time, token => $token,
	    signature => hmac_sha256_hex($time . $token, KEY), %form);
}

sub bring {
	my ($content, $type, %more) = @_;
	return $parley->request('POST', delete($more{path}) // PATH, $content,
	    { 'content-type' => $type, authorization => undef, %more });
}

sub stored { return $parley->sql('SELECT COUNT(*) FROM mail_inbound') }

sub message {
	my ($words) = @_;
	my ($row) = ();
	wait_until(30, sub { ($row) = $parley->rows('SELECT HEX(m.account_id),'
	    . ' m.text, COALESCE(m.media, \'\'), l.subject, l.sender FROM'
	    . ' message m JOIN mail l USING (account_id, conversation_id, seq)'
	    . " WHERE m.text LIKE '$words%'") });
	utf8::decode($_) for @{ $row // [] };
	return $row // [];
}

# --- Mailgun's, taken apart.

my %fields = (from => 'Ada <ada@example.test>', subject => 'Grüße',
    'body-plain' => "First words äöü\n\n> quoted\n",
    'body-html' => '<p>First</p>', 'message-headers' => $json->encode([
    [ 'From', 'Ada <ada@example.test>' ], [ 'To', 'help@agents.test' ],
    [ 'Subject', '=?utf-8?q?Gr=C3=BC=C3=9Fe?=' ],
    [ 'Message-Id', '<mailgun-1@example.test>' ],
    [ 'Content-Type', 'text/plain' ] ]));
my $answer = bring(pairs(signed(%fields)));
is($answer->status, 200, "Mailgun's form is taken");
my $got = message('First words');
is_deeply([ @$got[1, 3, 4] ], [ 'First words äöü', 'Grüße',
    'ada@example.test' ], 'and read as the mail that it was');
is($got->[0], uc($parley->id =~ tr/-//dr), 'by the account whose key it is');

# --- Signed once, lately, and by the right key.

my $before = stored();
my %again = signed(%fields, token => 'once', 'body-plain' => 'Again',
    'message-headers' => '[["From","ada@example.test"]]');
is(bring(pairs(%again))->status, 200, 'a token counts');
is(bring(pairs(%again, 'body-plain' => 'Other words'))->status, 200,
    'once: who comes with it again is told that all is well');
is(stored(), $before + 1, 'and nothing is stored');
for my $case ([ 'another signature', 403, signature => 'a' x 64 ],
    [ 'none', 403, signature => '' ], [ 'half of one', 403,
    signature => 'ab' ], [ 'another time', 403, signature =>
    { signed(token => 'x', timestamp => 1) }->{signature} ],
    [ 'an old one', 406, timestamp => time - 13 * 3600 ],
    [ 'one to come', 406, timestamp => time + 13 * 3600 ],
    [ "a stranger's address", 403, recipient => 'help@strangers.test' ]) {
	my ($name, $status, %bad) = @$case;
	is(bring(pairs(signed(%fields, %bad)))->status, $status, $name);
}
my %unsigned = signed(%fields);
delete $unsigned{signature};
is(bring(pairs(%unsigned))->status, 403, 'what is not signed is refused');
is(bring(pairs(signed(%fields, recipient => 'nobody@agents.test')), path =>
    PATH . "/$carrier")->status, 406,
    'a mail that is for nobody is not to be tried again');
is(bring(pairs(signed(%fields)), path => PATH . "/$theirs")->status, 403,
    "one carrier's key opens no other's");
is(bring(pairs(signed(%fields)), path => PATH . '/x')->status, 403,
    'nor what is none');
is(bring('{}', 'application/json')->status, 406, 'nor is JSON a form');
is(stored(), $before + 1, 'nothing of that was stored');

# --- Mailgun's, whole, with bytes that are no text.

my $mime = "From: ada\@example.test\r\nTo: help\@agents.test\r\n"
    . "Message-ID: <whole\@example.test>\r\nSubject: Whole\r\n"
    . "Content-Type: text/plain; charset=iso-8859-1\r\n\r\n"
    . "Whole mail \xfc\r\n";
my %whole = signed();
my $content = (pairs(%whole))[0] . '&body-mime=' . escape($mime);
is(bring($content, 'application/x-www-form-urlencoded')->status, 200,
    'a mail may come whole');
is(message('Whole mail')->[1], 'Whole mail ü', 'in whatever charset');
is(bring((pairs(signed()))[0] . '&body-mime=' . escape($mime),
    'application/x-www-form-urlencoded')->status, 200, 'and again');
is($parley->sql("SELECT COUNT(*) FROM message WHERE text LIKE 'Whole%'"), 1,
    'which is the same mail');

# --- SendGrid's.

my %sendgrid = (from => 'Ada <ada@example.test>', to => 'help@agents.test',
    subject => 'Hi', text => "SendGrid brings this", headers =>
    "From: Ada <ada\@example.test>\nTo: help\@agents.test\n"
    . "Message-ID: <sendgrid-1\@example.test>\nSubject: Hi\n",
    envelope => $json->encode({ to => [ 'help@agents.test' ],
	from => 'ada@example.test' }), charsets => '{"text":"utf-8"}');
my @form = parts(\%sendgrid, [ 'attachment1', 'a.png', "\0\1\2" x 5 ]);
is(bring(@form)->status, 403, 'what nobody signed is refused');
my $path = PATH . "/$carrier";
is(bring(@form, path => $path, authorization => 'Basic '
    . encode_base64('parley:wrong', ''))->status, 403,
    'as it is with a wrong password');
is(bring(@form, path => $path, authorization => 'Basic '
    . encode_base64('parley:' . KEY, ''))->status, 200,
    'with the right one it is taken');
is(message('SendGrid brings')->[2], '[{"filename":"a.png","content_type":'
    . '"image/png","size":15}]', 'with what is attached');

sub by_key {
	my ($body, $time) = @_;
	Parley::Server::spew("$directory/body", $time . $body);
	return encode_base64(Parley::Server::run([ qw(openssl dgst -sha256
	    -sign), "$directory/key", "$directory/body" ]), '');
}
@form = parts({ %sendgrid, text => 'Signed by a key', headers =>
    "From: ada\@example.test\nMessage-ID: <sendgrid-2\@example.test>\n" });
my %headers = (
    'x-twilio-email-event-webhook-timestamp' => 1700000000,
    'x-twilio-email-event-webhook-signature' => by_key($form[0], 1700000000));
is(bring(@form, path => $path, %headers)->status, 200,
    'a signature over all of it is as good');
is(message('Signed by')->[1], 'Signed by a key', 'and it is read');
is(bring($form[0] . ' ', $form[1], path => $path, %headers)->status, 403,
    'over every byte');

# --- Large ones.

my $large = 'x' x (30 * 1024 * 1024);
is(bring(parts({ %sendgrid, text => 'A large one', headers =>
    "From: ada\@example.test\nMessage-ID: <large\@example.test>\n" },
    [ 'attachment1', 'large.bin', $large ]), path => $path, authorization =>
    'Basic ' . encode_base64('parley:' . KEY, ''))->status, 200,
    'as large as any that a provider takes');
like(message('A large one')->[2], qr/"size":31457280/, 'is read');
is(bring('x' x (41 * 1024 * 1024), $form[1], path => $path)->status, 413,
    'a larger one is refused as a whole');
is($parley->post('/v1/carriers', { kind => 'loopback', name =>
    'x' x (2 * 1024 * 1024) })->status, 413, 'as what is no mail is sooner');

done_testing;
