#!/bin/busybox sh
# shellcheck shell=dash
# First process of the benchmark's guest: says that it runs, does the task named on the kernel's command line, and
# prints what it measured as lines `result NAME VALUE`, in bytes per second.
echo 'bench init'
/bin/busybox mkdir -p /proc /sys /dev /tmp
/bin/busybox --install -s /bin
mount -t proc proc /proc
mount -t sysfs sysfs /sys
mount -t devtmpfs devtmpfs /dev

while read -r module; do
  insmod "/modules/$module" 2>/dev/null
done </modules/order

# From what dd says at its end.
rate() { sed -n 's/^\([0-9]*\) bytes.* copied, \([0-9.e-]*\) s.*/\1 \2/p' | awk '{ printf "%d\n", $1 / $2 }'; }

# transfer NAME dd's arguments…: GNU dd, which can open for O_DIRECT and O_DSYNC; the latter flushes after each write.
transfer() {
  name=$1
  shift
  echo "result $name $(/usr/bin/dd "$@" 2>&1 | rate)"
}

# Each round at other places. What is read was written just before, so the host has it in memory.
disk() {
  for round in 1 2 3; do
    transfer write64k if=/dev/zero of=/dev/vda bs=64K count=24 seek=$((round * 24)) oflag=direct
    transfer read64k if=/dev/vda of=/dev/null bs=64K count=24 skip=$((round * 24)) iflag=direct
    transfer write4k if=/dev/zero of=/dev/vda bs=4K count=60 seek=$((round * 60)) oflag=direct
    transfer read4k if=/dev/vda of=/dev/null bs=4K count=60 skip=$((round * 60)) iflag=direct
    transfer write64kflush if=/dev/zero of=/dev/vda bs=64K count=6 seek=$((600 + round * 6)) oflag=direct,dsync
    transfer write4kflush if=/dev/zero of=/dev/vda bs=4K count=6 seek=$((12000 + round * 6)) oflag=direct,dsync
  done
}

case $(tr ' ' '\n' </proc/cmdline | sed -n 's/^task=//p') in
  disk) disk ;;
esac
echo 'bench done'
while :; do sleep 3600; done
