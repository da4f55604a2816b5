// Before the API, on every request. Tells in headers of our own what only the CDN sees, and answers what needs no
// function. CloudFormation fills in the edge, `cdn_functions.py` the rest. The function itself reads these headers in
// `chalicelib/web/request.py`.
var EDGE = '${Edge}';
var MOST_BYTES = <MOST_BYTES>;
var ON_EVERY_REPLY = <ON_EVERY_REPLY>;
var ON_PREFLIGHT = <ON_PREFLIGHT>;
var TOO_LARGE = <TOO_LARGE>;

function handler(event) {
  var request = event.request;
  var headers = request.headers;
  if (request.method === 'OPTIONS') {
    return reply(event, 204, 'No Content', ON_PREFLIGHT);
  }
  if (Number(sent(headers, 'content-length')) > MOST_BYTES) {
    return reply(event, 413, 'Payload Too Large', {}, TOO_LARGE);
  }
  Object.keys(headers).forEach(function (name) {
    if (name.toLowerCase().indexOf('x-kenoma-') === 0) {
      delete headers[name];
    }
  });
  headers['x-kenoma-path'] = {value: request.uri.replace(/[^\x21-\x7e]+/g, escaped)};
  headers['x-kenoma-client'] = {value: event.viewer.ip};
  headers['x-kenoma-wants'] = {value: wanted(sent(headers, 'accept').toLowerCase())};
  if (takesGzip(sent(headers, 'accept-encoding').toLowerCase())) {
    headers['x-kenoma-gzip'] = {value: '1'};
  }
  if (EDGE === 'http-api' && request.uri.indexOf('%') >= 0) {
    request.uri = '/'; // an HTTP API decodes paths, some twice, and refuses some
  }
  return request;
}

function sent(headers, name) {
  var header = headers[name];
  if (!header) {
    return '';
  }
  return header.multiValue ? header.multiValue.map(function (each) { return each.value; }).join(',') : header.value;
}

function escaped(text) {
  try {
    return encodeURIComponent(text);
  } catch (error) {
    return '%EF%BF%BD'; // half of a character
  }
}

// Of the forms that a page, an actor or an object has. Part of the key under which the CDN keeps replies.
function wanted(accept) {
  var best = '';
  var most = 0;
  weighed(accept, function (type, weight) {
    if (weight > most) {
      best = type;
      most = weight;
    }
  });
  if (best === 'application/activity+json' || best === 'application/ld+json') {
    return 'activity';
  }
  if (best === 'application/atom+xml' || best === 'application/rss+xml') {
    return best.slice(12, -4);
  }
  return best === 'application/json' ? 'json' : 'html';
}

function takesGzip(accept) {
  var weights = {};
  weighed(accept, function (coding, weight) { weights[coding] = weight; });
  return (weights['gzip'] !== undefined ? weights['gzip'] : weights['*'] || 0) > 0;
}

function weighed(accept, take) {
  accept.split(',').forEach(function (part) {
    var words = part.split(';').map(function (word) { return word.trim(); });
    var weight = 1;
    words.slice(1).reverse().forEach(function (word) {
      if (word.indexOf('q=') === 0) {
        weight = word === 'q=' ? 1 : Number(word.slice(2));
      }
    });
    if (words[0]) {
      take(words[0], weight === weight ? Math.min(weight, 1) : 1);
    }
  });
}

function reply(event, status, description, more, body) {
  var headers = {'x-request-id': {value: event.context.requestId}};
  [ON_EVERY_REPLY, more].forEach(function (part) {
    Object.keys(part).forEach(function (name) { headers[name] = {value: part[name]}; });
  });
  var response = {statusCode: status, statusDescription: description, headers: headers};
  if (body) {
    response.body = {encoding: 'text', data: body};
  }
  return response;
}
