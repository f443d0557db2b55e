#!/usr/bin/perl
# The carrier of the tests speaks what Twilio's own library understands: so
# what Parley is shown to do with it, it does with Twilio.
use v5.30;
use utf8;
use warnings;

use Parley::Twilio qw(official);
use Test::More;

use constant {
	FROM => '+15550007777',
	TO => '+15550002222',
	HOOK => 'https://parley.example.test/v1/hooks/twilio/status',
	SERVICE => 'MG0123456789abcdef0123456789abcdef',
};

my $twilio = Parley::Twilio->new;
binmode Test::More->builder->$_, ':encoding(UTF-8)'
    for qw(output failure_output todo_output);

sub ask {
	my (%of) = @_;
	return official({ base => $twilio->url, sid => $twilio->sid,
	    token => $twilio->token, %of });
}
sub create { return ask(do => 'create', message => { to => TO, @_ }) }
sub list { return ask(do => 'list', query => { @_ }) }

# --- A message.

my $text = "Grüße & 1 + 1 = 2\n🦜";
my $made = create(from => FROM, body => $text, statusCallback => HOOK);
my ($call) = $twilio->calls;
is("$call->{method} $call->{path}", 'POST /2010-04-01/Accounts/'
    . $twilio->sid . '/Messages.json',
    'the library posts to where the carrier listens');
is_deeply($call->{form}, { To => TO, From => FROM, Body => $text,
    StatusCallback => HOOK }, 'a message, in the words that Parley uses');
is_deeply([ @$made{qw(to from body status direction errorCode)} ],
    [ TO, FROM, $text, 'queued', 'outbound-api', undef ],
    'and understands what is answered');
my ($kept) = $twilio->accepted;
is($made->{sid}, $kept->{sid}, 'by the id that the carrier gave it');
like($made->{dateCreated}, qr/^\d{4}-\d\d-\d\dT/, 'and its time');
is_deeply([ grep { !exists $made->{$_} } qw(body numSegments direction from
    to dateUpdated price errorMessage uri accountSid numMedia status
    messagingServiceSid sid dateSent dateCreated errorCode priceUnit
    apiVersion subresourceUris) ], [], 'no field is wanting');
create(messagingServiceSid => SERVICE, body => 'By a service');
is_deeply(($twilio->calls)[1]{form}, { To => TO, MessagingServiceSid =>
    SERVICE, Body => 'By a service' }, 'so it posts one by a service');

my $template = 'HX0123456789abcdef0123456789abcdef';
create(from => FROM, contentSid => $template, contentVariables =>
    '{"1":"Ada"}', to => '+15550005555');
is_deeply(($twilio->calls)[2]{form}, { To => '+15550005555', From => FROM,
    ContentSid => $template, ContentVariables => '{"1":"Ada"}' },
    'and so a content template');

# --- Many of them.

create(from => FROM, body => "Message $_") for 1 .. 5;
create(to => '+15550003333', from => FROM, body => 'To another');
my $before = $twilio->count;
my $found = list(to => TO, from => FROM, pageSize => 2);
is_deeply([ map { $_->{body} } @$found ], [ map({ "Message $_" } reverse
    1 .. 5), $text ], 'it lists those of two numbers, the newest first');
is($twilio->count - $before, 3, 'from page to page to the last');
is_deeply(list(to => '+15550004444'), [], 'or none where there are none');

# --- Calls.

my %ask = (url => 'https://parley.example.test/v1/hooks/twilio/voice?call=1',
    fallbackUrl => 'https://parley.example.test/v1/hooks/twilio/voice?call=1',
    statusCallback => 'https://parley.example.test/v1/hooks/twilio/call-status',
    statusCallbackEvent => [ qw(initiated ringing answered completed) ],
    timeout => 60, timeLimit => 14400);
my $dialled = ask(do => 'dial', call => { to => TO, from => FROM, %ask });
is_deeply([ @$dialled{qw(from to status direction)} ], [ FROM, TO, 'queued',
    'outbound-api' ], 'it understands that a call was placed');
my ($placed) = $twilio->placed;
is($placed->{sid}, $dialled->{sid}, 'by its id');
is_deeply([ @$placed{qw(url status_callback events ring_most talk_most)} ],
    [ @ask{qw(url statusCallback statusCallbackEvent timeout timeLimit)} ],
    'which asks and reports as it should');
ask(do => 'dial', call => { to => '+15550003333', from => FROM, %ask });
is_deeply([ map { $_->{sid} } @{ ask(do => 'calls', query => { to => TO,
    from => FROM }) } ], [ $dialled->{sid} ], 'and is listed');
is(scalar @{ list(to => TO, from => FROM) }, 6, 'but not as a message');

# --- What fails.

for my $case ([ '400', 400, 21211 ], [ 'opted-out', 400, 21610 ],
    [ '429', 429, 20429 ], [ '500', 500, 20500 ], [ '503', 503, 20500 ]) {
	my ($fault, $status, $code) = @$case;
	$twilio->fail($fault);
	my $error = create(from => FROM, body => 'It fails');
	is_deeply($error, { status => $status, code => $code,
	    message => "fault $status",
	    moreInfo => 'https://www.twilio.com/docs/errors' },
	    "$fault is an error of Twilio's to it");
}
is(create(from => FROM)->{code}, 21604, 'so is a message without a text');
is(ask(do => 'list', query => {}, token => 'another')->{code}, 20003,
    'so is another token');

done_testing;
