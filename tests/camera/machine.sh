#!/usr/bin/env bash
# Boots a small virtual machine with Debian's kernel and its camera drivers, runs a program in it as root, and exits
# with the status of that program. What the program prints comes out here.
#
#   machine.sh [--with PROGRAM]… [--data FROM=TO]… PROGRAM [ARGUMENT…]
#   machine.sh --missing    prints the Debian packages that are to be installed first
#   machine.sh --prepare    only fetches and builds what is kept in the cache
#
# --with puts another program into the machine's /bin, --data copies a file or a folder to a path in the machine.
# v4l2-ctl and busybox are always there. BOWERBIRD_CAMERA_LIMIT is the number of seconds after which the machine is
# stopped, 150 if not set.
#
# Exit status: that of the program up to 119 (120 for more, signals included); 124 after the limit; 125 if the machine
# cannot be set up, with a line that says what to do; 126 if it ended before the program did.
#
# The processor is emulated, by design: nothing here depends on what the host's kernel loads or allows. So programs run
# many times slower than outside, and nothing about speed can be learnt here.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
# Ordinary users miss the folders where depmod, modprobe and ldconfig are.
PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin
source "$here/kernel.sh"

limit=${BOWERBIRD_CAMERA_LIMIT:-150}
programs=()
data=()
while [ $# -gt 0 ]; do
    case $1 in
    --missing) missing_packages; exit ;;
    --prepare) only_prepare=yes; shift ;;
    --with) programs+=("$2"); shift 2 ;;
    --data) data+=("$2"); shift 2 ;;
    -*) give_up "unknown option $1; the first lines of $0 list them" ;;
    *) break ;;
    esac
done
if [ $# -eq 0 ] && [ -z "${only_prepare:-}" ]; then
    give_up "no program to run; the first lines of $0 say how"
fi

missing=$(missing_packages)
[ -z "$missing" ] || give_up "run 'sudo apt-get install --no-install-recommends $missing'"
prepare_kernel
[ -z "${only_prepare:-}" ] || exit 0

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
root=$scratch/root
mkdir -p "$root"/{bin,etc}

# install_program FILE: copies a program and the libraries it is linked to.
install_program() {
    local target library
    target=$root/bin/$(basename "$1")
    [ -x "$1" ] || give_up "$1 is not a program"
    # A program with its debug information is ten times as large, and all of it goes through the emulator's memory.
    strip -o "$target" "$1" 2>/dev/null || cp -L "$1" "$target"
    { ldd "$1" 2>/dev/null || true; } | { grep -o '/[^ ]*' || true; } | while read -r library; do
        [ -e "$root$library" ] || { mkdir -p "$root$(dirname "$library")" && cp -L "$library" "$root$library"; }
    done
}

for program in "$1" "${programs[@]}" "$(command -v v4l2-ctl)"; do
    install_program "$program"
done
for pair in "${data[@]}"; do
    mkdir -p "$root$(dirname "${pair#*=}")"
    cp -rL "${pair%%=*}" "$root${pair#*=}"
done
cp "$here/init.sh" "$root/init"
chmod +x "$root/init"
program=$(basename "$1")
shift
printf '%q ' "/bin/$program" "$@" >"$root/etc/command"
# The machine has the time to say what happened.
echo $((limit - 15)) >"$root/etc/limit"

# The kernel unpacks archives that follow each other.
cp "$kernel/base.cpio" "$scratch/initrd"
(cd "$root" && find . | cpio --quiet -o -H newc -R 0:0 >>"$scratch/initrd")

status=0
timeout "$limit" qemu-system-x86_64 -M q35 -accel tcg,thread=multi -cpu max -smp 2 -m 512 \
    -nodefaults -no-reboot -display none -serial stdio -device isa-debug-exit,iobase=0xf4,iosize=4 \
    -kernel "$kernel/vmlinuz" -initrd "$scratch/initrd" \
    -append "console=ttyS0 quiet panic=-1 mitigations=off tsc=reliable random.trust_cpu=on nokaslr" \
    </dev/null || status=$?
if [ "$status" -eq 124 ]; then
    echo "camera machine: stopped after $limit s; BOWERBIRD_CAMERA_LIMIT allows more" >&2
    exit 124
fi
# The exit device ends qemu with an odd status, twice the program's and one; a machine that fell over, with an even one.
if [ $((status % 2)) -eq 0 ]; then
    echo "camera machine: ended before the program did (qemu's status is $status)" >&2
    exit 126
fi
exit $((status / 2))
