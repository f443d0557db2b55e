# An answer over HTTP/1.1.
package Parley::Test::Answer;

use v5.30;
use warnings;

use Carp qw(croak);
use JSON::PP ();

my $json = JSON::PP->new->utf8->allow_nonref;

# Reads one from the socket; undef when there is none.
sub read {
	my ($class, $socket, $method) = @_;
	local $/ = "\r\n";
	my $line = readline($socket) // return undef;
	my ($status) = $line =~ m{^HTTP/1\.[01] (\d{3})} or return undef;
	my %headers;
	while (defined($line = readline $socket) && $line ne "\r\n") {
		my ($name, $value) = $line =~ /^([^:]+):\s*(.*?)\s*$/s or last;
		push @{ $headers{lc $name} }, $value;
	}
	my $self = bless { status => $status, headers => \%headers }, $class;
	my $is_bare = ($method // '') eq 'HEAD' || $status == 204;
	$self->{content} = $is_bare ? '' : $self->read_content($socket);
	return $self;
}

sub read_content {
	my ($self, $socket) = @_;
	my $length = $self->header('content-length');
	return read_bytes($socket, $length) if defined $length;
	return read_chunks($socket)
	    if ($self->header('transfer-encoding') // '') eq 'chunked';
	$self->{is_last} = 1;
	local $/;
	return readline($socket) // '';
}

sub read_chunks {
	my ($socket) = @_;
	my $content = '';
	for (;;) {
		my $length = hex((readline($socket) // '0') =~ s/\r\n//r);
		$content .= read_bytes($socket, $length);
		readline $socket;
		return $content if $length == 0;
	}
}

sub read_bytes {
	my ($socket, $length) = @_;
	my $content = '';
	while (length $content < $length) {
		CORE::read($socket, $content, $length - length $content,
		    length $content) or croak 'the answer ended early';
	}
	return $content;
}

sub status { return $_[0]{status} }
sub content { return $_[0]{content} }
sub headers { return $_[0]{headers} }

# One header; several of a name are joined.
sub header {
	my ($self, $name) = @_;
	my $values = $self->{headers}{lc $name} or return undef;
	return join ', ', @$values;
}

# Is the connection closed after it?
sub is_last {
	my ($self) = @_;
	return $self->{is_last} ||
	    ($self->header('connection') // '') =~ /close/i;
}

# The content, decoded; dies when it is not JSON.
sub json {
	my ($self) = @_;
	return $self->{json} //= $json->decode($self->{content});
}

sub is_json {
	my ($self) = @_;
	return defined eval { $self->json; 1 };
}

# Shorthands for the two kinds of documents.
sub data { return $_[0]->json->{data} }
sub errors { return $_[0]->json->{errors} }

# The codes of the errors, "CODE /field" each, in order, one text.
sub faults {
	my ($self) = @_;
	return join ', ', map { join ' ', grep { defined } @$_{qw(error field)} }
	    @{ $self->errors // [] };
}

1;
