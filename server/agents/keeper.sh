#!/bin/sh
# Owns one agent process, so that the agent outlives the worker. start-keeper.ts runs it in the control folder as
#   sh keeper.sh shared|separate SECONDS COMMAND [ARG …]
# Its environment is the agent's and no more: every process of the same user can read it.
#
# keeper    who it is: pid, start time, boot id. Made exclusively, so that a second keeper cannot start here.
# agent     who the agent is, as the host sees it, and the first process of its pid namespace ("0 0": none).
# commands  a FIFO: "go N", "stdin N", "eof N", N being the length of the file stdin that the agent may read.
# room      takes the place of exit where the disk is full.
# exit      the exit status. A line, here as in the others, counts only when its newline is there.
streams=$1 patience=$2
shift 2
read -r boot < /proc/sys/kernel/random/boot_id

# PID: sets $startTime. The name in field 2 may hold blanks and brackets, so count from the last bracket.
find_start_time() {
  read -r stat < "/proc/$1/stat" || return 1
  set -- ${stat##*) }
  shift 19
  startTime=$1
}

# PID PARENT
is_child() {
  { read -r stat < "/proc/$1/stat"; } 2> /dev/null || return 1
  set -- "$1" "$2" ${stat##*) }
  [ "$4" = "$2" ] && child=$1
}

# PARENT: sets $child. A child is nearly always among the next numbers.
find_child() {
  number=$1
  while [ "$number" -lt $(($1 + 64)) ]; do
    number=$((number + 1))
    is_child "$number" "$1" && return
  done
  for folder in /proc/[0-9]*; do
    is_child "${folder#/proc/}" "$1" && return
  done
  return 1
}

# Hands the agent its stdin as far as the worker has said. The first line, "go", is for the waiting shell.
pump() {
  exec > input
  sent=0 gone=
  while read -r word length; do
    if [ "$word" = go ] && [ -z "$gone" ]; then
      echo go
      gone=1
    fi
    if [ -n "$gone" ] && [ "$length" -gt "$sent" ]; then
      tail -c "+$((sent + 1))" stdin | head -c "$((length - sent))"
      sent=$length
    fi
    [ "$word" != eof ] || exit 0
  done <&3
}

# Writes down who the agent is, then beats for as long as the keeper lives.
follow() {
  exec 3>&-
  { read -r outer && read -r inside; } < ready || exit 0
  agent=$outer init=0 initStartTime=0
  if [ "$inside" != "$outer" ]; then
    find_child "$outer" && init=$child && find_child "$init" && agent=$child || exit 0
    find_start_time "$init" && initStartTime=$startTime
  fi
  find_start_time "$agent" || exit 0
  echo "$agent $startTime $boot $init $initStartTime" > agent
  waited=0 pace=5 told=
  [ "$patience" -ge "$pace" ] || pace=$patience
  while kill -0 $$ 2> /dev/null; do
    : > beat
    sleep "$pace"
    waited=$((waited + pace))
    if [ -z "$told" ] && [ -e go ]; then
      # A worker that died here has meant it and not said it. Said twice, it does nothing. Reading and writing never blocks.
      echo "go $(wc -c < stdin)" 1<> commands
      told=1
    fi
    # The worker died between starting us and letting the agent go, and none came after it.
    [ -e go ] || [ "$waited" -lt "$patience" ] || kill -9 "$outer"
  done
}

find_start_time $$
set -C
{ echo "$$ $startTime $boot" > keeper; } 2> /dev/null || exit 0
set +C
: >> stdin
# On a full disk the exit could not be written: what is there already can be written over.
echo > room
if ! mkfifo commands input ready 2>> output; then
  echo 71 > exit
  exit 71
fi
exec 3<> commands
pump &
follow &
exec 3>&-
# Not in the background: a shell makes background commands deaf to SIGINT, and the agent's children would inherit it.
(
  exec < input >> output 4> ready
  if [ "$streams" = separate ]; then exec 2>> stderr; else exec 2>&1; fi
  read -r self rest < /proc/self/stat
  echo "$self" >&4
  { echo 500 > /proc/self/oom_score_adj; } 2> /dev/null
  exec setsid "$@"
)
status=$?
# One write of one line: whoever looks sees nothing yet, or all of it.
{ echo $status > exit || { echo $status 1<> room && mv -f room exit; }; } 2> /dev/null
# The pump and the follower are this process group's other members; the agent has a group of its own.
trap '' TERM
kill -TERM 0
