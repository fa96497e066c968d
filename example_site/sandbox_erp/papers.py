"""The ERP's papers: small PDFs, some sent along with the order, some kept to be fetched."""

from __future__ import annotations

from base64 import b64encode
from datetime import datetime
from typing import Any

from .lines import Record


TITLES = {
    "confirmation": "Order confirmation",
    "delivery_note": "Delivery note",
    "invoice": "Invoice",
    "credit_note": "Credit note",
    "proof_of_delivery": "Proof of delivery",
}
# These come with the order; the others lie with the ERP until somebody asks.
SENT_ALONG = ("delivery_note",)


def paper(kind: str, number: str, now: datetime) -> Record:
    return {
        "ref": number,
        "kind": kind,
        "number": number,
        "issued_on": now.date().isoformat(),
        "media_type": "application/pdf",
    }


def with_papers(order: Record, address: str) -> dict[str, Any]:
    """The order as it is told: each paper with its bytes, or where it may be fetched."""
    papers = []
    for paper in order["documents"]:
        if paper["kind"] in SENT_ALONG:
            content = b64encode(pdf_of(order, paper)).decode()
            papers.append({**paper, "content_base64": content})
        else:
            papers.append({**paper, "url": f"{address}/papers/{paper['ref']}.pdf"})
    return {**order, "documents": papers}


def pdf_of(order: Record, paper: Record) -> bytes:
    """One page: what it is, for which order, and its lines."""
    lines = [
        "Brannfeld Industrial Supply",
        "",
        f"{TITLES.get(paper['kind'], 'Document')} {paper['number']}",
        f"Date: {paper['issued_on']}",
        f"Order: {order['number']}   Your order: {order.get('customer_reference', '')}",
        f"Deliver to: {order['delivery_address']['name']}, {order['delivery_address']['city']}",
        "",
        *(
            f"{line['number']:>5}  {line['quantities']['ordered']:>6} {line['unit']:<4} "
            f"{line['description']}"
            for line in order["lines"]
        ),
        "",
        f"Total: {order['totals']['gross']} {order['currency']}",
    ]
    return _pdf(lines)


def _pdf(lines: list[str]) -> bytes:
    """ISO 32000-1, as little of it as a page of text needs."""
    shown = b" T* ".join(b"(" + _escaped(line) + b") Tj" for line in lines)
    content = b"BT /F1 11 Tf 16 TL 56 780 Td " + shown + b" ET"
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R "
        b"/Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Courier /Encoding /WinAnsiEncoding >>",
    ]
    made, offsets = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        offsets.append(len(made))
        made += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    head = b"xref\n0 %d\n0000000000 65535 f \n%s" % (len(objects) + 1, table)
    foot = b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n"
    return made + head + foot % (len(objects) + 1, len(made))


def _escaped(text: str) -> bytes:
    plain = text.encode("cp1252", "replace")
    return plain.replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)")
