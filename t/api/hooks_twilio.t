#!/usr/bin/perl
# POST /v1/hooks/twilio/status: what Twilio reports of a message, signed by
# its own library; in any order, more than once, and before its id is known.
use v5.30;
use utf8;
use warnings;

use Encode qw(encode);
use Parley::Test;
use Parley::Twilio qw(official);

use constant {
	PATH => '/v1/hooks/twilio/status',
	BASE => 'https://parley.example.test',
	TOKEN => 'token-0123456789abcdef',
};

my $parley = Parley::Test->new(environment =>
    { PARLEY_HTTP_PUBLIC_URL => BASE . '/' });
my $stranger = $parley->another_account;

# A list is a parameter that is repeated.
sub sign {
	my ($token, $url, %form) = @_;
	return official({ do => 'sign', token => $token, url => $url,
	    form => \%form });
}
is(sign('12345', 'https://mycompany.com/myapp.php?foo=1&bar=2',
    CallSid => 'CA1234567890ABCDE', Caller => '+14158675309',
    Digits => '1234', From => '+14158675309', To => '+18005551212'),
    'RSOYDt4T1cUTdK1PDd93/VVr8B8=', 'this test signs as they do');

sub escape {
	return encode('UTF-8', $_[0]) =~
	    s/([^A-Za-z0-9._-])/sprintf '%%%02X', ord $1/ger;
}

sub form {
	my (%form) = @_;
	return join '&', map { my $name = $_; map { escape($name) . '='
	    . escape($_) } ref $form{$name} ? @{ $form{$name} } :
	    $form{$name} } sort keys %form;
}

my %report = (AccountSid => 'AC0123', MessageSid => 'SM1',
    MessageStatus => 'sent', To => '+15550002222', From => '+15550001111');

# Sends a report; options: signature, url (what is signed), query, type,
# content, token.
sub report {
	my ($given, %of) = @_;
	my %form = (%report, %$given);
	delete @form{grep { !defined $form{$_} } keys %form};
	my $query = $of{query} // '';
	my $signature = exists $of{signature} ? $of{signature} :
	    sign($of{token} // TOKEN, $of{url} // BASE . PATH . $query,
		%form);
	return $parley->post(PATH . $query, $of{content} // form(%form), {
	    authorization => undef,
	    'content-type' => $of{type} //
		'application/x-www-form-urlencoded',
	    'x-twilio-signature' => $signature });
}

sub carrier {
	my ($who, $sid, $token) = @_;
	return $who->post('/v1/carriers', { kind => 'twilio', name => 'Main',
	    account_sid => $sid, auth_token => $token })->status;
}
is(carrier($parley, 'AC0123', TOKEN), 201, 'there is a carrier');
is(carrier($stranger, 'AC9999', 'theirs-0123456789abcd'), 201,
    'and one of another account');

my $messages = 0;

# A message that left, with this id, or without one yet.
sub leave {
	my ($sid, $status) = @_;
	my $made = $parley->create(sender => 'AGENT', user_number =>
	    sprintf '+1555400%04d', ++$messages)->data;
	my $id = "UNHEX(REPLACE('$made->{message_id}', '-', ''))";
	$parley->sql("UPDATE message SET status = '$status',"
	    . " carrier_message_id = " . (defined $sid ? "'$sid'" : 'NULL')
	    . " WHERE id = $id");
	return $made->{conversation_id};
}

# Status and error code of a conversation's message.
sub shown {
	my ($id) = @_;
	my $message = $parley->conversation($id)->{messages}[0];
	return join ' ', $message->{status}, $message->{error_code} // ();
}

# --- A report of a message.

my $talk = leave('SM1', 'queued');
my $answer = report({});
is($answer->status, 200, 'a signed report is taken');
is_deeply($answer->json, { status => 'ok' }, 'and says so');
is(shown($talk), 'sent', 'the message has the status');
is(report({ MessageStatus => 'delivered', RawDlrDoneDate => '2601010000',
    Novelty => 'später 🦜 &=+%' })->status, 200,
    'what they add to the form is signed and else not minded');
is(shown($talk), 'delivered', 'the next status comes');
is(report({ MessageStatus => 'delivered' })->status, 200, 'twice is no fault');
is(report({ MessageStatus => 'read' }, query => '?foo=1&bar=2')->status, 200,
    'a query is signed with the path');
is(shown($talk), 'read', 'and the status comes');
is(report({ MessageStatus => 'read' }, url => BASE . ':443' . PATH)->status,
    200, 'the port may stand in what they sign');

# --- What they sign, as their library does.

for my $case ([ 'an empty value' => { Empty => '' } ],
    [ 'a value that is no ASCII' => { Body => "Grüße\r\n\t🦜 \x{2028}" } ],
    [ 'a name that is no ASCII' => { 'Größe &=+%' => '1' } ],
    [ 'names that begin alike' => { A => 'BC', AB => 'C', a => '0',
	'A-' => '1' } ],
    [ 'a parameter that is repeated' => { Media => [ qw(b c a) ] } ],
    [ 'one that is repeated with the same value' =>
	{ Media => [ qw(b a b a b) ] } ],
    [ 'one that is repeated with an empty value' =>
	{ Media => [ 'a', '', 'aa', '' ] } ],
    [ 'one that is repeated without ASCII' =>
	{ Media => [ 'ü', 'z', 'é', 'Z', '🦜', 'é' ] } ],
    [ 'a query' => {}, '?foo=1&bar=2' ],
    [ 'a query with escapes' => {}, '?a=%C3%BC%2F+b&c=%27' ],
    [ 'a query with what is repeated' => { a => [ 2, 1 ] }, '?a=2&a=1' ],
    [ 'a query and a form' => { Body => 'ü' }, '?a[]=1;b=~(*)!' ]) {
	my ($what, $form, $query) = @$case;
	is(report({ MessageSid => 'SMother', %$form }, query => $query)
	    ->status, 200, "$what is signed as we read it");
	is(report({ MessageSid => 'SMother', %$form }, query => $query,
	    content => form(%report, MessageSid => 'SMother', %$form,
	    Another => '1'))->status, 403, '... and nothing beside it');
}
my %twice = (%report, MessageSid => 'SMother', Media => [ qw(a b) ]);
is(report({}, content => form(%twice, Media => [ qw(b a a) ]),
    signature => sign(TOKEN, BASE . PATH, %twice))->status, 200,
    'neither the order nor the count of what is repeated is signed');
is(report({}, content => form(%twice, Media => [ qw(ab) ]),
    signature => sign(TOKEN, BASE . PATH, %twice))->status, 403,
    'but where one value ends is');

is(report({ MessageSid => [ qw(SMother SMother) ] })->faults,
    'INVALID_PARAMETER /MessageSid', 'what we read may not be repeated');

# --- Who does not sign.

leave('SM2', 'queued');
my $before = $parley->state;
my %bad = (MessageSid => 'SM2', MessageStatus => 'delivered');
my $good = sign(TOKEN, BASE . PATH, %report, %bad);
for ([ 'none' => signature => undef ], [ 'an empty one' => signature => '' ],
    [ 'another' => signature => 'A' x 27 . '=' ],
    [ 'one cut short' => signature => substr $good, 0, 20 ],
    [ 'one with more' => signature => "${good}A" ],
    [ 'one by another token' => token => 'x' ],
    [ 'one by no token' => token => '' ],
    [ "another account's" => token => 'theirs-0123456789abcd' ],
    [ 'of another address' => url => 'https://evil.example.test' . PATH ],
    [ 'of another path' => url => BASE . "${\ PATH}/" ],
    [ 'of the plain scheme' => url => 'http://parley.example.test' . PATH ],
    [ 'of a query that is not there' => url => BASE . PATH . '?a=1' ],
    [ 'without the query' => url => BASE . PATH, query => '?a=1' ]) {
	my ($what, %of) = @$_;
	$answer = report(\%bad, %of);
	is($answer->status . ' ' . $answer->faults, '403 FORBIDDEN',
	    "a signature, $what: refused");
}
$answer = report({ %bad, MessageStatus => 'failed' }, signature => $good);
is($answer->status, 403, 'a form that was changed is refused');
$answer = report({ %bad, AccountSid => 'AC7777' });
is($answer->status, 403, 'so is one of an account that is not known');
is($answer->content =~ s/"request_id":"[^"]*"//r, report(\%bad, signature =>
    'x')->content =~ s/"request_id":"[^"]*"//r, 'in the same words');
is(report({ %bad, AccountSid => 'AC9999' })->status, 403,
    'one account cannot sign for another');
is($parley->state, $before, 'nothing comes of those');
is(report({ AccountSid => 'AC9999', MessageSid => 'SM1', MessageStatus =>
    'failed' }, token => 'theirs-0123456789abcd')->status, 200,
    'what another account signs');
is(shown($talk), 'read', 'is not about our messages');

# --- What is not such a form.

$before = $parley->state;
for my $name (qw(AccountSid MessageSid MessageStatus)) {
	is(report({ $name => undef })->faults,
	    "MISSING_REQUIRED_FIELDS /$name", "without $name");
	is(report({ $name => '' })->status, 400, "with an empty $name");
	is(report({ $name => 'x' x 65 })->faults,
	    "INVALID_PARAMETER /$name", "with too long a $name");
}
is(report({}, type => 'application/json', content =>
    '{"MessageSid":"SM1"}')->faults, 'UNSUPPORTED_MEDIA_TYPE',
    'JSON is none');
is(report({}, content => 'MessageSid=%zz')->status, 400, 'nor is nonsense');
is(report({}, content => 'MessageSid=%ff')->status, 400,
    'nor what is not UTF-8');
is(report({}, content => '')->status, 400, 'nor nothing');
is($parley->get(PATH)->status, 405, 'it is only posted');
is($parley->state, $before, 'nothing comes of those');

# --- The statuses, in every order.

my %rank = (queued => 2, sent => 3, delivered => 4, read => 5, failed => 4,
    undelivered => 4);

# What is left when these come one after another.
sub wanted {
	my $now = 'queued';
	for my $next (@_) {
		next if $now =~ /failed|undelivered/ ||
		    $rank{$next} <= $rank{$now};
		$now = $next;
	}
	return $now;
}

sub orders {
	my (@words) = @_;
	return [] if !@words;
	return map { my $i = $_; my @rest = @words; splice @rest, $i, 1;
	    map { [ $words[$i], @$_ ] } orders(@rest) } 0 .. $#words;
}

my $sids = 0;
my @wrong;
for my $order (orders(qw(queued sent delivered read)),
    orders(qw(sent failed delivered)), orders(qw(sent undelivered read))) {
	my $sid = 'SMorder' . ++$sids;
	my $id = leave($sid, 'queued');
	my @answers = map { report({ MessageSid => $sid,
	    MessageStatus => $_ })->status } @$order;
	push @wrong, "@$order: @answers, " . shown($id)
	    if shown($id) ne wanted(@$order) || grep { $_ != 200 } @answers;
	$id = leave(undef, 'pending');
	report({ MessageSid => "${sid}p", MessageStatus => $_ })
	    for @$order;
	my ($row) = $parley->rows('SELECT status FROM receipt WHERE'
	    . " carrier_message_id = '${sid}p'");
	push @wrong, "@$order: parked as $row->[0]"
	    if $row->[0] ne wanted(@$order);
}
is(join("\n", @wrong), '', 'only what rises is applied, in every order');
is($sids, 36, 'of which there are many');

# --- Words and codes.

for (qw(accepted:queued scheduled:queued sending:queued
    partially_delivered:sent canceled:failed)) {
	my ($word, $status) = split /:/;
	my $id = leave("SM$word", 'pending');
	report({ MessageSid => "SM$word", MessageStatus => $word });
	is(shown($id), $status, "$word is $status");
}
for my $word (qw(received receiving novelty Delivered)) {
	my $id = leave("SMx$word", 'sent');
	is(report({ MessageSid => "SMx$word", MessageStatus => $word })
	    ->status, 200, "$word is taken");
	is(shown($id), 'sent', 'and changes nothing');
}
$talk = leave('SMcode', 'sent');
report({ MessageSid => 'SMcode', MessageStatus => 'undelivered',
    ErrorCode => '30003' });
is(shown($talk), 'undelivered 30003', 'why it failed is kept');
report({ MessageSid => 'SMcode', MessageStatus => 'failed',
    ErrorCode => '30008' });
is(shown($talk), 'undelivered 30003', 'and the first end stands');
$talk = leave('SMempty', 'sent');
report({ MessageSid => 'SMempty', MessageStatus => 'delivered',
    ErrorCode => '' });
is(shown($talk), 'delivered', 'an empty code is none');

# --- Before its id is known, and many at once.

is(report({ MessageSid => 'SMearly', MessageStatus => 'delivered' })->status,
    200, 'a report may come before we know the id');
is_deeply([ $parley->rows('SELECT status, error_code FROM receipt WHERE'
    . " carrier_message_id = 'SMearly'") ], [ [ 'delivered', 'NULL' ] ],
    'it is kept');
report({ AccountSid => 'AC9999', MessageSid => 'SMearly', MessageStatus =>
    'undelivered', ErrorCode => '1' }, token => 'theirs-0123456789abcd');
report({ MessageSid => 'SMearly', MessageStatus => 'sent' });
is_deeply([ $parley->rows('SELECT status FROM receipt WHERE'
    . " carrier_message_id = 'SMearly' ORDER BY account_id = UNHEX('"
    . ($parley->id =~ s/-//gr) . "') DESC") ],
    [ [ 'delivered' ], [ 'undelivered' ] ], 'for each account its own');

$talk = leave('SMrace', 'queued');
my @children;
for my $word (qw(sent delivered queued sent read delivered)) {
	my %form = (MessageSid => 'SMrace', MessageStatus => $word);
	my $signature = sign(TOKEN, BASE . PATH, %report, %form);
	my $child = fork // die "fork: $!";
	if ($child == 0) {
		my $status = eval { report(\%form, signature => $signature)
		    ->status } // 0;
		require POSIX;
		POSIX::_exit($status == 200 ? 0 : 1);
	}
	push @children, $child;
}
my $failed = grep { waitpid $_, 0; $? } @children;
is($failed, 0, 'reports that come at once are all taken');
is(shown($talk), 'read', 'and the highest stands');

done_testing;
