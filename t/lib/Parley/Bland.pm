# The official client of the API, bland-cli of npm, as people have it: told
# only where the server is and the key, with a home and a directory of its own.
#
#	my $bland = Parley::Bland->new($parley);
#	my $said = $bland->run('sms', 'get', $id);
#	$bland->run({ input => "y\n" }, 'secret', 'delete', 'crm');
#
# It prints in no colours; what it says comes back without the ends of lines.
package Parley::Bland;

use v5.30;
use warnings;

use Carp qw(croak);
use Cwd qw(getcwd);
use File::Temp ();
use JSON::PP ();
use Parley::Server ();

sub new {
	my ($class, $parley, $key) = @_;
	return bless {
		url => 'http://127.0.0.1:' . $parley->port,
		key => $key // $parley->key,
		program => $parley->source
		    . '/t/node_modules/bland-cli/dist/index.js',
		home => File::Temp->newdir('bland-XXXXXX', TMPDIR => 1),
	}, $class;
}

# Where it is started, and what it writes.
sub directory { return "$_[0]{home}" }

# What it prints when it exits 0; dies with what it says when it does not.
sub run {
	my ($self, @arguments) = @_;
	my %of = ref $arguments[0] ? %{ shift @arguments } : ();
	local %ENV = ((map { $_ => $ENV{$_} } grep { defined $ENV{$_} }
	    qw(PATH TMPDIR)), HOME => $self->directory, NO_COLOR => 1,
	    BLAND_BASE_URL => $self->{url}, BLAND_API_KEY => $self->{key},
	    %{ $of{environment} // {} });
	my $here = getcwd();
	chdir $self->directory or croak $self->directory . ": $!";
	my $said = eval { Parley::Server::run(
	    [ 'node', $self->{program}, @arguments ], $of{input}) };
	my $fault = $@;
	chdir $here or croak "$here: $!";
	croak $fault unless defined $said;
	chomp $said;
	return $said;
}

# What it prints as JSON, where it is asked to; words before it are left out.
sub json {
	my ($self, @arguments) = @_;
	my $said = $self->run(@arguments);
	my ($json) = $said =~ /^([\[{].*)\z/ms
	    or croak "@arguments: no JSON in: $said";
	return JSON::PP->new->utf8->decode($json);
}

1;
