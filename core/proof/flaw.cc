#include "core/proof/flaw.h"

namespace dataip::proof {
namespace {

struct Words {
  Flaw flaw;
  const char* english;
  const char* chinese;
};

constexpr Words kWords[] = {
    {Flaw::kNone, "has no flaw", "没有缺陷"},
    {Flaw::kTruncated, "ends too early", "内容不完整"},
    {Flaw::kTrailingBytes, "has bytes behind its end", "末尾有多余字节"},
    {Flaw::kTooLong, "is too long", "内容过长"},
    {Flaw::kNotUtf8, "is not UTF-8", "不是有效的 UTF-8"},
    {Flaw::kNotCanonicalBase64, "is not strict base64", "不是严格的 Base64"},
    {Flaw::kVersion, "has another header version", "条目头版本不符"},
    {Flaw::kIndexRange, "has an index over 2^63-1", "序号超出范围"},
    {Flaw::kTimeRange, "has a time before 1970", "时间超出范围"},
    {Flaw::kTypeLength, "has a type that is not 1 to 64 bytes", "类型长度不符"},
    {Flaw::kTypeCharacter, "has a byte outside 0x21..0x7e in its type",
     "类型含非法字符"},
    {Flaw::kStreamLength, "has a stream over 255 bytes", "流名过长"},
    {Flaw::kStreamCharacter, "has a byte outside 0x21..0x7e in its stream",
     "流名含非法字符"},
    {Flaw::kPayloadSize, "has a payload over 16 MiB", "载荷超过 16 MiB"},
    {Flaw::kUpdateCount, "has more than 512 updates", "更新超过 512 项"},
    {Flaw::kKeyLength, "has a key that is not 1 to 255 bytes", "键长度不符"},
    {Flaw::kKeyCharacter, "has a byte outside 0x21..0x7e in a key",
     "键含非法字符"},
    {Flaw::kRepeatedKey, "has a key twice", "键重复"},
    {Flaw::kOrigin, "is not a valid origin or key name",
     "账本名称或密钥名称不合规则"},
    {Flaw::kKeyForm, "is not of the form name+id+key",
     "不是 名称+编号+公钥 的形式"},
    {Flaw::kKeyType, "is a key of an unknown type", "密钥类型未知"},
    {Flaw::kKeyBytes, "has a public key of the wrong length", "公钥长度不符"},
    {Flaw::kKeyId, "has a key id that is not the key's", "密钥编号与公钥不符"},
    {Flaw::kNoteForm, "is not a signed note", "不是签名文本"},
    {Flaw::kNoteCharacter, "has a control character in its text",
     "签名文本含控制字符"},
    {Flaw::kSignatureForm, "has a malformed signature", "签名格式不符"},
    {Flaw::kNoSignature, "has no signature line", "没有签名行"},
    {Flaw::kCheckpointForm, "is not exactly origin, size and root",
     "检查点不是三行"},
    {Flaw::kCheckpointSize, "has a malformed size", "检查点大小写法不符"},
    {Flaw::kCheckpointRoot, "has a malformed root", "检查点根值写法不符"},
    {Flaw::kOtherKey, "is a line of another key", "是其他密钥的签名行"},
    {Flaw::kSealLength, "is not a seal of 64 bytes", "封印载荷不是 64 字节"},
    {Flaw::kSealType, "is not of the seal's type", "条目类型不是封印"},
    {Flaw::kSealStream, "is a seal with a stream", "封印不得有流名"},
    {Flaw::kSealUpdates, "is a seal with updates", "封印不得有更新"},
    {Flaw::kSealIndex, "is not the last entry of the checkpoint",
     "封印不是检查点的最后一条"},
    {Flaw::kSealChainHead, "states another chain head", "封印的链首不符"},
    {Flaw::kPayloadDigest, "does not match the payload", "载荷摘要不符"},
    {Flaw::kVarint, "has a number that is not written in its shortest form",
     "数值不是最短写法"},
    {Flaw::kFieldOrder, "has fields out of order or twice",
     "字段顺序错误或重复"},
    {Flaw::kUnknownField, "has an unknown field", "含未知字段"},
    {Flaw::kWireType, "has a field of another wire type", "字段编码类型不符"},
    {Flaw::kDefaultPresent, "has a default value written out", "写出了默认值"},
    {Flaw::kNumberRange, "has a number out of range", "数值超出范围"},
    {Flaw::kEnumValue, "has an unknown enum value", "枚举值未知"},
    {Flaw::kMissingField, "lacks a field", "缺少字段"},
    {Flaw::kFormat, "has another format number", "格式号不符"},
    {Flaw::kHashLength, "has a hash that is not 32 bytes", "摘要不是 32 字节"},
    {Flaw::kStatusRecord, "is a status record that no registry writes",
     "状态记录内容自相矛盾"},
    {Flaw::kStatusHistory, "has status records that do not follow each other",
     "状态记录前后不相接"},
    {Flaw::kNameOpening, "has a name opening that opens nothing",
     "姓名披露与证书中的承诺不符"},
};

constexpr Words kUnknown = {Flaw::kNone, "has an unknown flaw", "未知缺陷"};

const Words& WordsOf(Flaw flaw) {
  for (const Words& words : kWords) {
    if (words.flaw == flaw) return words;
  }
  return kUnknown;
}

}  // namespace

const char* Describe(Flaw flaw) { return WordsOf(flaw).english; }

const char* DescribeChinese(Flaw flaw) { return WordsOf(flaw).chinese; }

}  // namespace dataip::proof
