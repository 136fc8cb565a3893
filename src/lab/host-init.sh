#!/bin/busybox sh
# shellcheck shell=dash
# First process of a lab host: prepares what a Debian host would have, then hands over to busybox init, which keeps
# labd running. The archives of the initramfs put everything else in place.
/bin/busybox mkdir -p /proc /sys /dev /run /tmp /root /base /var/lib/holdfast
/bin/busybox --install -s /bin

mount -t proc proc /proc
mount -t sysfs sysfs /sys
mount -t devtmpfs devtmpfs /dev
mkdir -p /dev/pts /dev/shm
mount -t devpts devpts /dev/pts
mount -t tmpfs tmpfs /dev/shm
mount -t tmpfs tmpfs /run
mount -t tmpfs tmpfs /tmp

while read -r module; do
  insmod "$module" || echo "init: $module does not load"
done </modules/boot

# Prints the device whose virtio serial is $1, once the kernel has found it.
disk() {
  for _ in 1 2 3 4 5 6 7 8 9 10; do
    for block in /sys/block/vd*; do
      [ "$(cat "$block/serial" 2>/dev/null)" = "$1" ] && echo "/dev/${block##*/}" && return
    done
    sleep 0.2
  done
}

mount -t ext4 -o ro "$(disk base)" /base || echo 'init: the base disk does not mount'
# Where modprobe looks, which the kernel runs for what else it needs.
mount -o bind /modules /lib/modules
data=$(disk data)
[ -n "$data" ] && mount -t ext4 "$data" /var/lib/holdfast

# QEMU's user networking: the machine's loopback is 10.0.2.2.
ip link set lo up
ip address add 10.0.2.15/24 dev eth0
ip link set eth0 up
ip route add default via 10.0.2.2
hostname -F /etc/hostname

exec /bin/init
