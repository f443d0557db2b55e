# Who asks: one account with one of its keys, over a kept connection.  See
# Parley::Test, which makes them and is one.
package Parley::Test::Client;

use v5.30;
use warnings;

use Carp qw(croak);
use IO::Socket::INET ();
use JSON::PP ();
use Parley::Test::Answer ();

use constant SECONDS => 60;

my $json = JSON::PP->new->utf8->canonical->allow_nonref->allow_blessed;

sub new {
	my ($class, $parley, $identity) = @_;
	my $self = bless { parley => $parley }, $class;
	return $self->adopt($identity);
}

# Takes a key and what goes with it.
sub adopt {
	my ($self, $identity) = @_;
	$self->{identity} = $identity;
	return $self;
}

sub identity { return %{ $_[0]{identity} } }
sub id { return $_[0]{identity}{id} }
sub key { return $_[0]{identity}{key} }
sub number { return $_[0]{identity}{number} }
sub carrier { return $_[0]{identity}{carrier} }

# The body: a hash or an array is sent as JSON, a string as it is.  Headers:
# a value undef takes away one that would be there (authorization,
# content-type).
sub get { my $self = shift; return $self->request('GET', @_) }
sub post { my $self = shift; return $self->request('POST', @_) }
sub put { my $self = shift; return $self->request('PUT', @_) }
sub patch { my $self = shift; return $self->request('PATCH', @_) }
sub delete { my $self = shift; return $self->request('DELETE', @_) }

# POST /v1/sms/create with what is given over a message that is as it should
# be; undef takes away a field.
sub create {
	my ($self, %given) = @_;
	my %body = (user_number => '+15550002222',
	    agent_number => $self->number, message => 'Hello', %given);
	delete @body{grep { !defined $body{$_} } keys %body};
	return $self->post('/v1/sms/create', \%body);
}

# GET /v1/sms/conversations/ID, and of it the data.
sub conversation {
	my ($self, $id) = @_;
	return $self->get("/v1/sms/conversations/$id")->data;
}

# What its messages say, in order: "USER: Hello".
sub said {
	my ($self, $id) = @_;
	return map { "$_->{sender}: $_->{message}" }
	    @{ $self->conversation($id)->{messages} };
}

# A text comes in over the loopback carrier; the conversation's id.
sub text {
	my ($self, $user, $text) = @_;
	my $id = $self->{parley}->cli('text', '--account', $self->id, $user,
	    $self->number, $text);
	chomp $id;
	return $id;
}

# Of the number's config; its agent answers at once.
sub set {
	my ($self, %given) = @_;
	my $answer = $self->post('/v1/sms/number/update', {
	    phone_number => $self->number, debounce => 0, %given });
	croak $answer->content if $answer->status != 200;
	return;
}

# Options: record => 0, it is no answer of the API.
sub request {
	my ($self, $method, $path, $body, $headers, %options) = @_;
	my %headers = (host => 'localhost',
	    defined $self->key ? (authorization => $self->key) : (),
	    defined $body ? ('content-type' => 'application/json') : (),
	    map { lc() => $headers->{$_} } keys %{ $headers // {} });
	$body = $json->encode($body) if ref $body;
	$headers{'content-length'} //= length $body if defined $body;
	my $request = join '', "$method $path HTTP/1.1\r\n",
	    (map { "$_: $headers{$_}\r\n" } grep { defined $headers{$_} }
	    sort keys %headers), "\r\n", $body // '';
	my $answer = $self->exchange($request, $method);
	return $answer unless $options{record} // 1;
	my $parley = $self->{parley};
	$parley->record($method, $path, $answer);
	$parley->complain("$method $path: no X-Request-Id")
	    unless length($answer->header('x-request-id') // '');
	$parley->complain("$method $path: not as its type says: "
	    . $answer->content) unless is_typed($answer);
	return $answer;
}

# JSON, but for what Twilio is told, a page for people, and where nothing is.
sub is_typed {
	my ($answer) = @_;
	my $type = $answer->header('content-type') // '';
	return $type eq '' && !defined $answer->header('content-length')
	    if $answer->status == 204;
	return $answer->content =~ /\A<!DOCTYPE html>/
	    if $type eq 'text/html; charset=utf-8';
	return $type eq 'application/json' ? $answer->is_json :
	    $type eq 'text/xml' && $answer->content =~ /\A<\?xml /;
}

# Sends these bytes over a connection of their own and returns the answer,
# or undef when none came.
sub raw {
	my ($self, $bytes) = @_;
	my $socket = $self->connect;
	write_all($socket, $bytes);
	return Parley::Test::Answer->read($socket);
}

# A connection to nginx.
sub connect {
	my ($self) = @_;
	my $port = $self->{parley}->port;
	my $socket = IO::Socket::INET->new(PeerAddr => '127.0.0.1',
	    PeerPort => $port) or croak "127.0.0.1:$port: $!";
	binmode $socket;
	my $patience = pack 'l!l!', SECONDS, 0;
	setsockopt $socket, Socket::SOL_SOCKET(), $_, $patience
	    for Socket::SO_RCVTIMEO(), Socket::SO_SNDTIMEO();
	return $socket;
}

# A kept connection may have been closed meanwhile; then nothing of an
# answer comes, and the request goes over a new one.
sub exchange {
	my ($self, $request, $method) = @_;
	# After a fork, the connection is the parent's.
	delete $self->{connection} if ($self->{process} //= $$) != $$;
	$self->{process} = $$;
	for my $try (1 .. 2) {
		my $old = $self->{connection};
		my $socket = $self->{connection} //= $self->connect;
		write_all($socket, $request);
		my $answer = Parley::Test::Answer->read($socket, $method);
		delete $self->{connection}
		    if !$answer || $answer->is_last;
		return $answer if $answer;
		croak "no answer to: ", substr $request, 0, 200 if !$old;
	}
	croak "no answer to: ", substr $request, 0, 200;
}

# The other side may answer and close before it has read everything.
sub write_all {
	my ($socket, $bytes) = @_;
	local $SIG{PIPE} = 'IGNORE';
	my $at = 0;
	while ($at < length $bytes) {
		my $written = syswrite $socket, $bytes, 65536, $at;
		return unless defined $written;
		$at += $written;
	}
}

1;
