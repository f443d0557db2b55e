#!/usr/bin/perl
# POST /v1/hooks/twilio/message: a text that came in, signed by Twilio's own
# library; stored once however often it is brought, with its media, on the
# channel that its address means.
use v5.30;
use utf8;
use warnings;

use Encode qw(decode encode);
use JSON::PP ();
use Parley::Test;
use Parley::Twilio qw(official);

use constant {
	PATH => '/v1/hooks/twilio/message',
	BASE => 'https://parley.example.test',
	TOKEN => 'token-0123456789abcdef',
	NUMBER => '+15557770001',
};

my $parley = Parley::Test->new(environment =>
    { PARLEY_HTTP_PUBLIC_URL => BASE });
my $users = 0;

sub escape {
	return encode('UTF-8', $_[0]) =~
	    s/([^A-Za-z0-9._-])/sprintf '%%%02X', ord $1/ger;
}

# Options: token, signature, content.
sub arrive {
	my ($given, %of) = @_;
	my %form = (AccountSid => 'AC0123', MessageSid => 'SM' . ++$users,
	    From => sprintf('+1555800%04d', $users), To => NUMBER,
	    Body => 'Hello', NumMedia => '0', %$given);
	delete @form{grep { !defined $form{$_} } keys %form};
	my $signature = $of{signature} // official({ do => 'sign',
	    token => $of{token} // TOKEN, url => BASE . PATH,
	    form => \%form });
	return $parley->post(PATH, join('&', map { "$_=" . escape($form{$_}) }
	    sort keys %form), { authorization => undef,
	    'content-type' => 'application/x-www-form-urlencoded',
	    'x-twilio-signature' => $signature });
}

sub stored {
	my ($sid) = @_;
	return map { [ map { decode('UTF-8', $_) } @$_ ] } $parley->rows(
	    'SELECT m.text, m.sender, c.user_key, c.channel,'
	    . ' m.media FROM message m JOIN conversation c ON c.id ='
	    . " m.conversation_id WHERE m.carrier_message_id = '$sid'");
}

is($parley->post('/v1/carriers', { kind => 'twilio', name => 'Main',
    account_sid => 'AC0123', auth_token => TOKEN })->status, 201,
    'there is a carrier');
my $carrier = $parley->get('/v1/carriers')->data;
my ($twilio) = grep { $_->{kind} eq 'twilio' } @$carrier;
is($parley->post('/v1/phone-numbers', { phone_number => NUMBER,
    carrier_id => $twilio->{id}, channels => [ 'sms', 'whatsapp' ] })->status,
    201, 'and a number');

subtest 'a text' => sub {
	my $answer = arrive({ MessageSid => 'SMone', Body => ' Grüße 🌍 ',
	    From => '+15558889999' });
	is($answer->status, 200, 'is taken');
	is($answer->header('content-type'), 'text/xml', 'by TwiML');
	is($answer->content,
	    qq(<?xml version="1.0" encoding="UTF-8"?>\n<Response/>\n),
	    'that says nothing yet');
	is_deeply([ stored('SMone') ], [ [ ' Grüße 🌍 ', 'USER',
	    '+15558889999', 'sms', 'NULL' ] ], 'and stored as it was sent');
	is($parley->sql("SELECT COUNT(*) FROM work WHERE kind = 'turn'"), 1,
	    'with the work for its answer');
};

subtest 'brought again' => sub {
	for (1 .. 3) {
		my $answer = arrive({ MessageSid => 'SMone',
		    From => '+15558889999' });
		is($answer->status, 200, 'it is taken');
	}
	is(stored('SMone'), 1, 'and stored once');
	is($parley->sql("SELECT COUNT(*) FROM work WHERE kind = 'turn'"), 1,
	    'for one answer');
};

subtest 'media' => sub {
	is(arrive({ MessageSid => 'SMpicture', Body => undef, NumMedia => 2,
	    MediaUrl0 => 'https://api.example.test/1', MediaContentType0 =>
	    'image/png', MediaUrl1 => 'https://api.example.test/2',
	    MediaContentType1 => 'image/jpeg' })->status, 200,
	    'a picture without words is taken');
	is_deeply(JSON::PP::decode_json((stored('SMpicture'))[0][4]), [
	    { url => 'https://api.example.test/1',
		content_type => 'image/png' },
	    { url => 'https://api.example.test/2',
		content_type => 'image/jpeg' } ], 'with where it is');
};

subtest 'channels' => sub {
	is(arrive({ MessageSid => 'SMwhats', From => 'whatsapp:+15550123456',
	    To => 'whatsapp:' . NUMBER })->status, 200, 'by WhatsApp');
	is((stored('SMwhats'))[0][$_->[0]], $_->[1], "its $_->[2]")
	    for [ 2, '+15550123456', 'number' ], [ 3, 'whatsapp', 'channel' ];
	is(arrive({ MessageSid => 'SMrcs', From => 'rcs:+15550123457' })
	    ->status, 200, 'by RCS');
	is((stored('SMrcs'))[0][3], 'sms', 'which is SMS for us');
};

subtest 'what is refused' => sub {
	is(arrive({}, token => 'another')->status, 403, 'another signature');
	is(arrive({}, signature => '')->status, 403, 'none');
	is(arrive({ AccountSid => 'AC9999' })->status, 403,
	    'an account that is nobody\'s');
	my $answer = arrive({ To => '+15557770002' });
	is($answer->status, 404, 'a number that is not ours');
	like($answer->content, qr/INBOUND_NUMBER_NOT_FOUND/, 'by its code');
	is(arrive({ MessageSid => undef })->status, 400, 'no MessageSid');
	is(arrive({ From => '' })->status, 400, 'no From');
};

done_testing;
