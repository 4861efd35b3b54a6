#include "client/export/unpack_script.h"

#include <string>

namespace dataip::client {
namespace {

// In parts, since compilers limit the length of one literal.
//
// Whatever may fail is called in the script's own shell, never in $(...):
// `exit` would leave the subshell only. Arithmetic is done on digits alone,
// since some shells run commands that stand in an array index.
constexpr char kFunctions[] = R"sh(#!/bin/sh
# Repeats the checks of a certificate bundle with openssl, sha256sum, od and
# coreutils. 用通用工具重做证书包的核验。
#   sh check.sh          all steps 1 to 9
#   sh check.sh 3 7      1, 2 and these: no verdict; 9 is the verdict, so all
# Exit: 0 all hold and in force (or: the steps asked for hold), 2 not a step,
# 20 a check failed, 21 genuine, not in force, 22 cannot decide: no or other
# trust file, or a demonstration where none is expected, 23 the seal is too old.
set -u
unset IFS
LC_ALL=C
export LC_ALL
CDPATH='' cd -- "$(dirname -- "$0")" || exit 22
work=$(mktemp -d) || exit 22
trap 'rm -rf "$work"' EXIT
sm2_id=distid:1234567812345678
step=0

# What stands in the bundle may not steer a terminal: ASCII without controls.
shown() { printf %s "$*" | tr -cd '\040-\176'; }
say() { printf '%s\n' "$*"; }
good() { say "[ OK ] $step. $(shown "$*")"; }
fail() {
  say "[FAIL] $step. $(shown "$*")"
  exit 20
}
cannot() {
  say "[ -- ] $step. cannot decide: $(shown "$1") / 无法判定：$2"
  exit 22
}
needs_trust() {
  for wanted in origin issuing-sm2.pem issuing-p256.pem quorum max_age_hours \
    demonstration; do
    [ -s "trust/$wanted" ] || cannot \
      "no trust/$wanted, unpack again with --trust TRUST.json" \
      "缺少信任文件，请加 --trust 重新展开"
  done
}
# A machine that cannot check says nothing about the bundle.
needs_tools() {
  for wanted in openssl sha256sum od base64 csplit fold; do
    command -v $wanted >/dev/null || cannot "no $wanted" "缺少工具"
  done
  for wanted in trust/*.pem; do
    case $wanted in trust/issuing-*) continue ;; esac
    openssl pkey -pubin -in "$wanted" -noout >/dev/null 2>&1 ||
      cannot "openssl cannot read $wanted" "openssl 不支持该密钥"
  done
  printf x | openssl dgst -sm3 >/dev/null 2>&1 ||
    cannot "openssl has no SM3" "openssl 不支持 SM3"
}

# hex FILE OFFSET COUNT
hex() { tail -c "+$(($2 + 1))" "$1" | head -c "$3" | hex_of; }
hex_of() { od -An -v -tx1 | tr -d ' \n'; }
hex_text() { printf %s "$1" | hex_of; }
whole_hex() { hex_of <"$1"; }
size_of() { wc -c <"$1" | tr -d ' '; }
sha256() { sha256sum "$1" | cut -c 1-64; }
same() {
  sum=$(sha256 "$1")
  [ -n "$sum" ] && [ "$sum" = "$(sha256 "$2")" ]
}

# natural TEXT NAME: one spelling of a number that arithmetic may be done with
natural() {
  case $1 in '' | *[!0-9]* | 0?*) fail "$2 is not a number" ;; esac
  [ "${#1}" -le 18 ] || fail "$2 is too large"
}

# read_number FILE OFFSET COUNT: `number`, from 1, 2 or 8 bytes
read_number() {
  digits=$(hex "$1" "$2" "$3")
  [ "${#digits}" -eq $(($3 * 2)) ] || fail "$1: bytes are missing"
  case $3$digits in 8[89a-f]*) fail "$1: a number is over 2^63 - 1" ;; esac
  number=$((0x$digits))
}

# unhex HEX: the bytes
unhex() {
  bytes=
  for byte in $(printf %s "$1" | fold -w 2); do bytes="$bytes 0x$byte"; done
  # shellcheck disable=SC2059,SC2086
  [ -z "$bytes" ] || printf "$(printf '\\%03o' $bytes)"
}

# node PREFIX LEFT RIGHT: hex of SHA-256(prefix || left || right), all hex
node() {
  unhex "$1$2$3" >"$work/node"
  sha256 "$work/node"
}

# read_field FILE FIELD [WHICH]: `found` is the hex of that length-delimited
# protobuf field (WHICH counts repeats from 0) or the value of a number field;
# empty when it is not there.
read_field() {
  scanned=$1 wanted=$2 which=${3:-0} found=
  # shellcheck disable=SC2046
  set -- $(od -An -v -tu1 "$1")
  while [ $# -gt 0 ]; do
    tag=0 value=0
    for part in tag value; do
      read=0 bits=0 more=1
      while [ "$more" -ne 0 ]; do
        [ $# -gt 0 ] && [ "$bits" -lt 63 ] || fail "$scanned: not protobuf"
        read=$((read | ($1 & 127) << bits)) bits=$((bits + 7))
        more=$(($1 & 128))
        shift
      done
      if [ $part = tag ]; then tag=$read; else value=$read; fi
    done
    if [ $((tag & 7)) -eq 0 ]; then
      [ $((tag >> 3)) -ne "$wanted" ] || found=$value
      continue
    fi
    [ $((tag & 7)) -eq 2 ] && [ "$value" -le $# ] ||
      fail "$scanned: not protobuf"
    if [ $((tag >> 3)) -eq "$wanted" ]; then
      if [ "$which" -eq 0 ]; then
        while [ "$value" -gt 0 ]; do
          found=$found$(printf %02x "$1") value=$((value - 1))
          shift
        done
        return
      fi
      which=$((which - 1))
    fi
    shift "$value"
  done
}

# read_word FILE OFFSET LEAST MOST: `word`, the hex of so many bytes of
# 0x21..0x7e behind a length byte, and `at`, the offset behind them
read_word() {
  read_number "$1" "$2" 1
  [ "$number" -ge "$3" ] && [ "$number" -le "$4" ] ||
    fail "$1: a length is out of its range"
  word=$(hex "$1" $(($2 + 1)) "$number")
  [ "$(unhex "$word" | tr -d '\041-\176' | wc -c)" -eq 0 ] ||
    fail "$1: a byte outside 0x21 to 0x7e"
  at=$(($2 + 1 + number))
}

# header FILE: reads an entry header (formats 1); texts are hex
header() {
  header_bytes=$(size_of "$1") updates=
  [ "$header_bytes" -le 65535 ] && [ "$(hex "$1" 0 1)" = 01 ] ||
    fail "$1: not a header of version 1"
  read_number "$1" 1 8
  index=$number
  read_number "$1" 9 8
  time_ms=$number
  prev=$(hex "$1" 17 32)
  read_word "$1" 49 1 64
  type=$word
  read_word "$1" "$at" 0 255
  stream=$word
  read_number "$1" "$at" 8
  payload_bytes=$number
  payload_sha256=$(hex "$1" $((at + 8)) 32)
  payload_sm3=$(hex "$1" $((at + 40)) 32)
  read_number "$1" $((at + 72)) 2
  update_count=$number left=$number at=$((at + 74))
  [ "$payload_bytes" -le 16777216 ] && [ "$update_count" -le 512 ] ||
    fail "$1: a number is out of its range"
  while [ "$left" -gt 0 ]; do
    read_word "$1" "$at" 1 255
    case $updates in *" $word="*) fail "$1: a key stands twice" ;; esac
    updates="$updates $word=$(hex "$1" "$at" 32) "
    at=$((at + 32)) left=$((left - 1))
  done
  [ "$at" -eq "$header_bytes" ] || fail "$1: bytes are missing or left over"
}

# inclusion FILE INDEX SIZE FOLDER ROOT (RFC 9162 2.1.3.2)
inclusion() {
  { printf '\000'; cat "$1"; } >"$work/leaf"
  hash=$(sha256 "$work/leaf")
  fn=$2 sn=$(($3 - 1)) root=$5
  for sibling in "$4"/*; do
    [ -f "$sibling" ] || continue
    side=$(whole_hex "$sibling")
    [ "$sn" -ne 0 ] && [ "${#side}" -eq 64 ] || return 1
    if [ $((fn & 1)) -eq 1 ] || [ "$fn" -eq "$sn" ]; then
      hash=$(node 01 "$side" "$hash")
      while [ $((fn & 1)) -eq 0 ] && [ "$fn" -ne 0 ]; do
        fn=$((fn >> 1)) sn=$((sn >> 1))
      done
    else
      hash=$(node 01 "$hash" "$side")
    fi
    fn=$((fn >> 1)) sn=$((sn >> 1))
  done
  [ "$sn" -eq 0 ] && [ "$hash" = "$root" ]
}

# holds ALGORITHM KEY MESSAGE SIGNATURE
holds() {
  case $1 in
    ed25519 | cosignature) openssl pkeyutl -verify -pubin -inkey "$2" -rawin \
      -in "$3" -sigfile "$4" ;;
    sm2) openssl pkeyutl -verify -pubin -inkey "$2" -rawin -digest sm3 \
      -pkeyopt $sm2_id -in "$3" -sigfile "$4" ;;
    p256) openssl dgst -sha256 -verify "$2" -signature "$4" "$3" ;;
    *) false ;;
  esac >/dev/null 2>&1
}
raw_key() { openssl pkey -pubin -in "$1" -outform DER | tail -c "$2"; }

byte() { printf %b "\\0$(printf %o "$1")"; }
varint() {
  rest=$1
  while [ "$rest" -gt 127 ]; do
    byte $((rest & 127 | 128))
    rest=$((rest >> 7))
  done
  byte "$rest"
}
# put TAG FILE: a length-delimited protobuf field
put() {
  byte "0x$1"
  varint "$(size_of "$2")"
  cat "$2"
}
put_all() {
  for part in "$2"/*; do [ ! -f "$part" ] || put "$1" "$part"; done
}
)sh";

constexpr char kReadme[] =
    R"(证书包的全部内容，每个字节串一个文件；`sh check.sh` 用 openssl、sha256sum、
od 与 coreutils 重做核验，不需要本系统的任何程序。
All of a certificate bundle, one file for each byte string. `sh check.sh`
repeats its checks with openssl, sha256sum, od and coreutils alone.

bundle                 the bundle itself
origin                 name of the ledger
checkpoint             signed note; checkpoint.text its text, checkpoint.sig/
                       the signatures of the ledger's keys,
                       checkpoint.chain_head the SM3 chain head
issue.header           header of the entry that issued it; issue.path/ its
                       inclusion path, lowest node first
content                the certificate (protobuf); content.sm2.sig and
                       content.p256.sig its signatures, content.*.chain/ X.509
status/                status records, the first and the current one at least
seal.header            header of the seal, seal.payload, seal.path/
map/                   siblings under the map root, root first
openings/              names of natural persons that the holder opened
trust/                 what you take on faith: origin, ledger-*.pem,
                       issuing-sm2.pem, issuing-p256.pem, witness-*.pem with
                       their names, quorum, max_age_hours, demonstration.
                       Compare them with a trust file that you got from the
                       bureau itself.
)";

}  // namespace

absl::string_view CheckScript() {
  static const std::string script = std::string(kFunctions) +
                                    internal::kCheckSignatures +
                                    internal::kCheckSteps;
  return script;
}

absl::string_view UnpackedReadme() { return kReadme; }

}  // namespace dataip::client
