# A language model that says what it is told to say, and fails on demand:
# aimock (t/model.mjs), which speaks OpenAI's chat completions.
#
#	use Parley::Model;
#
#	my $model = Parley::Model->new;
#	my $parley = Parley::Test->new(worker => 1,
#	    environment => { $model->environment });
#	$model->answer('Hello!', { tool_calls =>
#	    [ { name => 'look_up', arguments => { name => 'Ada' } } ] });
#	$model->fail(503);
#	... the model is asked three times ...
#	is($model->requests->[0]{messages}[0]{role}, 'system', 'it is told who');
#
# Each request takes the next step of those that were ordered; when none is
# left it is 404.  Whoever has another key than `key` is answered 401, and is
# in no record.
package Parley::Model;

use v5.30;
use warnings;

use Carp qw(croak);
use Cwd qw(abs_path);
use File::Basename qw(dirname);
use File::Temp ();
use HTTP::Tiny ();
use JSON::PP ();
use Parley::Server qw(free_port listening);

use constant {
	MODEL => 'model-1',
	PROGRAM => abs_path(dirname(__FILE__) . '/../../model.mjs'),
};

my $json = JSON::PP->new->utf8->canonical->allow_nonref;

sub new {
	my ($class) = @_;
	my $self = bless {
		directory => File::Temp->newdir('model-XXXXXX', TMPDIR => 1),
		port => free_port(),
		key => 'sk-' . join('', map { sprintf '%02x', int rand 256 }
		    1 .. 16),
		http => HTTP::Tiny->new(timeout => 60),
	}, $class;
	$self->{server} = Parley::Server->start(
	    name => 'model',
	    directory => "$self->{directory}",
	    command => [ 'node', PROGRAM, $self->{port}, $self->{key} ],
	    ready => sub { listening($self->{port}) });
	return $self;
}

sub url { return "http://127.0.0.1:$_[0]{port}/v1" }
sub key { return $_[0]{key} }
sub name { return MODEL }
sub log { return $_[0]{server}->log }

# With which our programs ask it.
sub environment {
	my ($self) = @_;
	return (PARLEY_LLM_URL => $self->url, PARLEY_LLM_KEY => $self->key,
	    PARLEY_LLM_MODEL => $self->name);
}

# --- What it says.

# The next requests are answered so, one each.  An answer is its text, or a
# hash:
#   text          a text; a hash or a list becomes its JSON
#   tool_calls    [ { name, arguments, id }, ... ]; arguments are a hash, or
#                 a text, that may be broken
#   finish_reason "length", "content_filter"
#   model, usage  as OpenAI's
#   when          only for a request whose last words of the user have this
#                 text in them
#   slow          seconds that it thinks
sub answer {
	my ($self, @answers) = @_;
	return $self->order(map { step_of($_) } @answers);
}

# Every request is answered so for which nothing else was ordered; of several
# that fit, by the last.
sub always {
	my ($self, $answer) = @_;
	return $self->order({ %{ step_of($answer) }, always => JSON::PP::true });
}

# The next request is answered after so many seconds.
sub slow {
	my ($self, $seconds, $answer) = @_;
	return $self->order({ %{ step_of($answer // 'Late') },
	    slow => $seconds });
}

# The next request is answered by this status; what may go with it:
#   message, type, code, param  of the error
#   retry_after                 seconds; of 429 alone, where it is 1
#   when, always                as above
sub fail {
	my ($self, $status, %of) = @_;
	return $self->order({
	    limits(\%of),
	    response => {
		status => $status,
		error => {
		    message => $of{message} // "Failed on demand",
		    map({ defined $of{$_} ? ($_ => $of{$_}) : () }
			qw(type code param)),
		},
		defined $of{retry_after} ?
		    (retryAfter => $of{retry_after}) : (),
	    } });
}

# The next request is answered 200, by what is no JSON.
sub break { return $_[0]->order({ chaos => { malformedRate => 1 },
    response => { content => '' } }) }

# The next request is not answered: the connection ends.
sub drop { return $_[0]->order({ chaos => { disconnectRate => 1 },
    response => { content => '' } }) }

# --- What it was asked.

# Every request, in order, as documents: { model, messages, tools, ... }.
sub requests { return $_[0]->plan->{requests} }

# How many steps nobody took yet.
sub left { return $_[0]->plan->{left} }

sub stop { return $_[0]{server}->stop }

# --- The plan.

sub limits {
	my ($of) = @_;
	return map { defined $of->{$_} ? ($_ => $of->{$_}) : () }
	    qw(when always slow);
}

sub step_of {
	my ($answer) = @_;
	$answer = { text => $answer } unless ref $answer;
	my %known = map { $_ => 1 } qw(text tool_calls finish_reason model
	    usage when always slow);
	$known{$_} or croak "no such part of an answer: $_" for keys %$answer;
	my %response;
	$response{content} = text_of($answer->{text} // '')
	    if defined $answer->{text} || !$answer->{tool_calls};
	$response{toolCalls} = [ map { { %$_, arguments =>
	    text_of($_->{arguments} // {}) } } @{ $answer->{tool_calls} } ]
	    if $answer->{tool_calls};
	$response{finishReason} = $answer->{finish_reason}
	    if defined $answer->{finish_reason};
	defined $answer->{$_} and $response{$_} = $answer->{$_}
	    for qw(model usage);
	return { limits($answer), response => \%response };
}

sub text_of {
	my ($given) = @_;
	return $given unless ref $given;
	return JSON::PP->new->canonical->encode($given);
}

sub order { return $_[0]->plan([ @_[1 .. $#_] ]) && $_[0] }

sub plan {
	my ($self, $steps) = @_;
	my $answer = $self->{http}->request($steps ? 'POST' : 'GET',
	    "http://127.0.0.1:$self->{port}/plan", {
		headers => { authorization => "Bearer $self->{key}",
		    'content-type' => 'application/json' },
		$steps ? (content => $json->encode($steps)) : (),
	    });
	croak "the model says: $answer->{status} $answer->{content}"
	    unless $answer->{success};
	return $json->decode($answer->{content});
}

1;
