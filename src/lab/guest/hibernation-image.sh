#!/bin/sh
# Prints the swap signature of a disk: S1SUSPEND when it holds a hibernation image, SWAPSPACE2 when it is ready for
# one, nothing when its first page is blank, and "other" in every other case (include/linux/swap.h, 4 KiB pages).
signature=$(dd if="$1" bs=1 skip=4086 count=10 2>/dev/null | tr -d '\0')
case "$signature" in
  S1SUSPEND | SWAPSPACE2) echo "$signature" ;;
  *) [ -z "$(dd if="$1" bs=4096 count=1 2>/dev/null | tr -d '\0' | head -c 1)" ] || echo other ;;
esac
