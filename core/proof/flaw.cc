#include "core/proof/flaw.h"

namespace dataip::proof {
namespace {

struct Words {
  const char* english;
  const char* chinese;
};

Words WordsOf(Flaw flaw) {
  switch (flaw) {
    case Flaw::kNone:
      return {"has no flaw", "没有缺陷"};
    case Flaw::kTruncated:
      return {"ends too early", "内容不完整"};
    case Flaw::kTrailingBytes:
      return {"has bytes behind its end", "末尾有多余字节"};
    case Flaw::kTooLong:
      return {"is too long", "内容过长"};
    case Flaw::kNotUtf8:
      return {"is not UTF-8", "不是有效的 UTF-8"};
    case Flaw::kNotCanonicalBase64:
      return {"is not strict base64", "不是严格的 Base64"};
    case Flaw::kVersion:
      return {"has another header version", "条目头版本不符"};
    case Flaw::kIndexRange:
      return {"has an index over 2^63-1", "序号超出范围"};
    case Flaw::kTimeRange:
      return {"has a time before 1970", "时间超出范围"};
    case Flaw::kTypeLength:
      return {"has a type that is not 1 to 64 bytes", "类型长度不符"};
    case Flaw::kTypeCharacter:
      return {"has a byte outside 0x21..0x7e in its type", "类型含非法字符"};
    case Flaw::kStreamLength:
      return {"has a stream over 255 bytes", "流名过长"};
    case Flaw::kStreamCharacter:
      return {"has a byte outside 0x21..0x7e in its stream", "流名含非法字符"};
    case Flaw::kPayloadSize:
      return {"has a payload over 16 MiB", "载荷超过 16 MiB"};
    case Flaw::kUpdateCount:
      return {"has more than 512 updates", "更新超过 512 项"};
    case Flaw::kKeyLength:
      return {"has a key that is not 1 to 255 bytes", "键长度不符"};
    case Flaw::kKeyCharacter:
      return {"has a byte outside 0x21..0x7e in a key", "键含非法字符"};
    case Flaw::kRepeatedKey:
      return {"has a key twice", "键重复"};
    case Flaw::kOrigin:
      return {"is not a valid origin or key name",
              "账本名称或密钥名称不合规则"};
    case Flaw::kKeyForm:
      return {"is not of the form name+id+key", "不是 名称+编号+公钥 的形式"};
    case Flaw::kKeyType:
      return {"is a key of an unknown type", "密钥类型未知"};
    case Flaw::kKeyBytes:
      return {"has a public key of the wrong length", "公钥长度不符"};
    case Flaw::kKeyId:
      return {"has a key id that is not the key's", "密钥编号与公钥不符"};
    case Flaw::kNoteForm:
      return {"is not a signed note", "不是签名文本"};
    case Flaw::kNoteCharacter:
      return {"has a control character in its text", "签名文本含控制字符"};
    case Flaw::kSignatureForm:
      return {"has a malformed signature", "签名格式不符"};
    case Flaw::kNoSignature:
      return {"has no signature line", "没有签名行"};
    case Flaw::kCheckpointForm:
      return {"is not exactly origin, size and root", "检查点不是三行"};
    case Flaw::kCheckpointSize:
      return {"has a malformed size", "检查点大小写法不符"};
    case Flaw::kCheckpointRoot:
      return {"has a malformed root", "检查点根值写法不符"};
    case Flaw::kOtherKey:
      return {"is a line of another key", "是其他密钥的签名行"};
    case Flaw::kSealLength:
      return {"is not a seal of 64 bytes", "封印载荷不是 64 字节"};
    case Flaw::kSealType:
      return {"is not of the seal's type", "条目类型不是封印"};
    case Flaw::kSealStream:
      return {"is a seal with a stream", "封印不得有流名"};
    case Flaw::kSealUpdates:
      return {"is a seal with updates", "封印不得有更新"};
    case Flaw::kSealIndex:
      return {"is not the last entry of the checkpoint",
              "封印不是检查点的最后一条"};
    case Flaw::kSealChainHead:
      return {"states another chain head", "封印的链首不符"};
    case Flaw::kPayloadDigest:
      return {"does not match the payload", "载荷摘要不符"};
    case Flaw::kVarint:
      return {"has a number that is not written in its shortest form",
              "数值不是最短写法"};
    case Flaw::kFieldOrder:
      return {"has fields out of order or twice", "字段顺序错误或重复"};
    case Flaw::kUnknownField:
      return {"has an unknown field", "含未知字段"};
    case Flaw::kWireType:
      return {"has a field of another wire type", "字段编码类型不符"};
    case Flaw::kDefaultPresent:
      return {"has a default value written out", "写出了默认值"};
    case Flaw::kNumberRange:
      return {"has a number out of range", "数值超出范围"};
    case Flaw::kEnumValue:
      return {"has an unknown enum value", "枚举值未知"};
    case Flaw::kMissingField:
      return {"lacks a field", "缺少字段"};
    case Flaw::kFormat:
      return {"has another format number", "格式号不符"};
    case Flaw::kHashLength:
      return {"has a hash that is not 32 bytes", "摘要不是 32 字节"};
    case Flaw::kStatusRecord:
      return {"is a status record that no registry writes",
              "状态记录内容自相矛盾"};
    case Flaw::kStatusHistory:
      return {"has status records that do not follow each other",
              "状态记录前后不相接"};
    case Flaw::kNameOpening:
      return {"has a name opening that opens nothing",
              "姓名披露与证书中的承诺不符"};
  }
  return {"has an unknown flaw", "未知缺陷"};
}

}  // namespace

const char* Describe(Flaw flaw) { return WordsOf(flaw).english; }

const char* DescribeChinese(Flaw flaw) { return WordsOf(flaw).chinese; }

}  // namespace dataip::proof
